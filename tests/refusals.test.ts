import { parseSync } from "oxc-parser";
import { expect, test } from "vitest";
import { modulesIn } from "./support/documents/source-files.ts";

// A command line is explained by its own --help, which `reportError` names. What is refused further below has nothing to do with flags.
const ROOMS = [
  "src/ask",
  "src/broker",
  "src/codex",
  "src/files",
  "src/handoff/run",
  "src/review/target",
  "src/workspace",
];

test("below the command line every refusal says in its own words what to do next", () => {
  const without = ROOMS.flatMap((room) => modulesIn(room).flatMap(({ path, text }) => refusalsWithout(path, text)));
  expect(without).toEqual([]);
});

/** Where a UsageError is made that has no next step. */
function refusalsWithout(path: string, text: string): readonly string[] {
  if (!text.includes("new UsageError(")) return [];
  const found: string[] = [];
  visit(parseSync(path, text).program, (node) => {
    const { type, callee, arguments: given, start } = node;
    const refusal = type === "NewExpression" && isNode(callee) && callee["name"] === "UsageError";
    if (!refusal || !Array.isArray(given) || given.length > 1 || typeof start !== "number") return;
    found.push(`${path}:${text.slice(0, start).split("\n").length}`);
  });
  return found;
}

type Node = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}

function visit(value: unknown, look: (node: Node) => void): void {
  if (!isNode(value)) return;
  if (!Array.isArray(value)) look(value);
  for (const child of Object.values(value)) visit(child, look);
}
