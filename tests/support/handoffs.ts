import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Asked, AskOptions } from "./ask.ts";
import { ask } from "./ask.ts";
import { git } from "./git/git.ts";
import type { World } from "./world.ts";

/** What a document says beside the usual; a key that is undefined is left out. */
export interface Written {
  readonly files?: readonly string[];
  readonly forbid?: readonly string[];
  readonly validation?: readonly string[];
  readonly [key: string]: unknown;
}

/** The files of a project that handoffs are about. */
export const PROJECT = {
  "package.json": JSON.stringify({ name: "shop", version: "1.0.0", dependencies: { zod: "4.0.0" } }, null, 2),
  "src/price.js": "export function price(net) {\n  return net;\n}\n",
  "src/tax.js": "export function tax(net) {\n  return 0;\n}\n",
  "src/price.test.js":
    'import { test } from "node:test";\ntest("a price is net", () => {});\ntest("it is a number", () => {});\n',
  ".gitignore": ".env\nbuild/\n",
};

/** A whole handoff document: JSON is YAML, so what it says is put in as it is. */
export function document({
  files = ["src/price.js"],
  forbid = [],
  validation = ["test -e src/price.js"],
  ...more
}: Written = {}): string {
  const front = { task_id: "shop-001", type: "implementation", scope: { files, forbid }, validation, ...more };
  const lines = Object.entries(front).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return [
    "---",
    ...lines,
    "---",
    "# Gross prices",
    "",
    "## Tasks",
    "",
    "1. In src/price.js let price() return the gross price of a net price, with the rate of src/tax.js.",
    "",
    "## Success criteria",
    "",
    "- price(100) is 119.",
    "",
  ].join("\n");
}

/** Puts a committed document into the workspace. */
export async function plan(world: World, written: Written = {}, name = "CODEX-PRICE.md"): Promise<string> {
  await writeFile(join(world.workspace, name), document(written));
  await git(world.workspace, "add", name);
  await git(world.workspace, "commit", "--quiet", "--message=plan");
  return name;
}

interface Finding {
  readonly kind: string;
  readonly rule: string;
  readonly path: string | null;
  readonly line: number | null;
  readonly message: string;
}

/** The object of `handoff run --json` and `handoff verify --json`. */
export interface HandoffJson {
  readonly task_id: string;
  readonly status: string;
  readonly exit_code: number;
  readonly run_status: string;
  readonly changes: {
    readonly files_modified: readonly string[];
    readonly lines_changed: number;
    readonly tests_passed: boolean | null;
    readonly validation: Readonly<Record<string, string>>;
  };
  readonly notes: string;
  readonly findings: readonly Finding[];
  readonly rounds: number;
  readonly first_pass: boolean | null;
  readonly codex_said: { readonly word: string; readonly text: string } | null;
  readonly commit: Readonly<Record<string, unknown>>;
  readonly undone: Readonly<Record<string, unknown>> | null;
}

export interface HandedOff extends Asked {
  readonly result: HandoffJson;
}

/** `ask_codex handoff …` to its end, with the object that it prints. */
export async function handoff(world: World, args: readonly string[], options: AskOptions = {}): Promise<HandedOff> {
  const asked = await ask(world, ["handoff", ...args, "--json"], options);
  if (asked.stdout === "") throw new Error(`nothing on stdout (exit ${asked.code}):\n${asked.stderr}`);
  return { ...asked, result: JSON.parse(asked.stdout) as HandoffJson };
}

/** What was found, in short: `rule path`. */
export function found({ result }: HandedOff): readonly string[] {
  return result.findings.map(({ rule, path }) => (path === null ? rule : `${rule} ${path}`));
}
