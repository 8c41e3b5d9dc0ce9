import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { shellQuoted } from "../../../src/text/quote.ts";
import { git } from "../../support/git/git.ts";
import { run } from "../../support/model/replies.ts";
import type { Script } from "../../support/model/server.ts";
import { finding, isProver, isRefuter, proving, refuting, review, reviewed } from "../../support/reviews.ts";
import { testUnderLoad } from "../../support/trials.ts";
import { createWorld, type World } from "../../support/world.ts";

/** A small project with one fault that a commit brings in, and the truth about it. */
interface Project {
  readonly path: string;
  readonly sound: string;
  /** What the fault makes of which line. */
  readonly fault: readonly [from: string, to: string];
  readonly line: number;
  /** A test that fails because of it: its file, its text, its command. */
  readonly proof: readonly [file: string, text: string, command: string];
  /** A commit that is right. */
  readonly clean: readonly [from: string, to: string];
}

const PROJECTS: Readonly<Record<string, Project>> = {
  TypeScript: {
    path: "src/cart.ts",
    sound: [
      "export interface Item {\n  readonly price: number;\n}\n",
      "export function total(items: readonly Item[]): number {",
      "  let sum = 0;",
      "  for (let at = 0; at < items.length; at += 1) sum += items[at]?.price ?? Number.NaN;",
      "  return sum;\n}\n",
    ].join("\n"),
    fault: ["at < items.length", "at <= items.length"],
    line: 7,
    proof: [
      "tests/total.test.mjs",
      'import assert from "node:assert";\nimport { readFileSync } from "node:fs";\nconst text = readFileSync("src/cart.ts", "utf8").replace(/^export interface[^}]*}/m, "").replace(/: readonly Item\\[\\]|: number/g, "");\nconst { total } = await import("data:text/javascript," + encodeURIComponent(text));\nassert.equal(total([{ price: 2 }]), 2);\n',
      "node tests/total.test.mjs",
    ],
    clean: ["let sum = 0;", "let sum = 0; // in cents"],
  },
  Python: {
    path: "shop/stock.py",
    sound:
      "def missing(stock, wanted):\n    return [name for name in wanted if name not in stock]\n\n\ndef last(items):\n    return items[len(items) - 1]\n",
    fault: ["items[len(items) - 1]", "items[len(items)]"],
    line: 6,
    proof: [
      "tests/test_last.py",
      "import sys\nsys.path.insert(0, '.')\nfrom shop.stock import last\nassert last([1, 2]) == 2\n",
      "python3 tests/test_last.py",
    ],
    clean: ["def last(items):", 'def last(items):\n    """The newest one."""'],
  },
};

const TITLE = "Reads past the end of the list";

function reviewerOf({ path, sound, fault, proof }: Project): Script {
  const quote =
    sound
      .replace(...fault)
      .split("\n")
      .find((line) => line.includes(fault[1])) ?? "";
  let written = false;
  return (request) => {
    if (isProver(request)) {
      if (written) return proving(request, { [TITLE]: proof[2] });
      written = true;
      return run(`mkdir -p tests && printf '%s' ${shellQuoted(proof[1])} > ${proof[0]}`);
    }
    if (isRefuter(request)) return refuting(request, "confirmed");
    const shown = JSON.stringify(request.body);
    return shown.includes("is clean") ? reviewed([path]) : reviewed([path], finding(path, quote, { title: TITLE }));
  };
}

async function commit(world: World, path: string, text: string, message: string): Promise<void> {
  await writeFile(join(world.workspace, path), text);
  await git(world.workspace, "commit", "--quiet", "-am", message);
}

describe.each(Object.entries(PROJECTS))("a small project in %s", (_language, project) => {
  testUnderLoad("has its fault found in its place and proved, and its clean commit called clean", async () => {
    const { path, sound, fault, clean, line } = project;
    await using world = await createWorld({ files: { [path]: sound }, script: reviewerOf(project) });
    await commit(world, path, sound.replace(...fault), "faster");
    const found = await review(world, ["--commit", "HEAD", "--prove", "--fail-on", "major", "--json"]);
    expect(found).toMatchObject({
      code: 1,
      json: { findings: [{ path, line, end_line: line, anchor: "exact", proof: { result: "proved" } }] },
    });
    await commit(world, path, sound.replace(...fault).replace(...clean), "words");
    const right = await review(world, [
      "--commit",
      "HEAD",
      "--focus",
      "This one is clean.",
      "--fail-on",
      "nit",
      "--json",
    ]);
    expect(right).toMatchObject({ code: 0, json: { verdict: "clean", findings: [] } });
  });
});
