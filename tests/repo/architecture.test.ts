import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "../support/paths.ts";
import { modulesIn } from "../support/source-files.ts";

interface Entry {
  /** Below the package's folder; a folder's ends with a slash. */
  readonly path: string;
  readonly purpose: string;
}

const map = readMap(readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8"));

test("the map of ARCHITECTURE.md has every folder and file of src, and every folder of tests, and nothing else", () => {
  const src = modulesIn("src").flatMap(({ path }) => [...foldersOf(path), path]);
  const tests = modulesIn("tests").flatMap(({ path }) => foldersOf(path).slice(0, 2));
  const onDisk = [...new Set([...src, ...tests])].sort();
  expect(map.map(({ path }) => path).sort()).toEqual(onDisk);
});

test("the map says of everything what it is for", () => {
  expect(map.filter(({ purpose }) => !/\w/.test(purpose))).toEqual([]);
});

/** `src/codex/app-server.ts` → `src/`, `src/codex/`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join("/")}/`);
}

/** The first fenced block below `## Map`: two blanks a level, a name (a folder's ends with `/`), blanks, what it is for. */
function readMap(markdown: string): readonly Entry[] {
  const block = /^## Map\n.*?```\w*\n(.*?)```/ms.exec(markdown)?.[1] ?? "";
  const parents: string[] = [];
  return block.split("\n").flatMap((line) => {
    const match = /^( *)(\S+) *(.*)$/.exec(line);
    if (!match) return [];
    const [, indent = "", name = "", purpose = ""] = match;
    const depth = indent.length / 2;
    parents.length = depth;
    if (name.endsWith("/")) parents[depth] = name;
    const path = parents.slice(0, depth).join("") + name;
    return [{ path, purpose }];
  });
}
