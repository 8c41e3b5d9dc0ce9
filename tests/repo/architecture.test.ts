import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { modulesIn } from "../support/documents/source-files.ts";
import { ROOT } from "../support/paths.ts";

interface Entry {
  /** Below the package's folder; a folder's ends with a slash. */
  readonly path: string;
  readonly purpose: string;
}

const overview = readMap("ARCHITECTURE.md");
const map = readMap("src/MAP.md");
const sources = modulesIn("src").map(({ path }) => path);

test("the map of ARCHITECTURE.md has the folders of src and of tests, and what of src is in none", () => {
  const src = sources.flatMap((path) => (/^src\/[^/]+$/.test(path) ? [path] : foldersOf(path).slice(0, 2)));
  const tests = modulesIn("tests").flatMap(({ path }) => foldersOf(path).slice(0, 2));
  const onDisk = [...new Set([...src, ...tests])].sort();
  expect(overview.map(({ path }) => path).sort()).toEqual(onDisk);
});

test("the map of src has every folder and file of it, and nothing else", () => {
  const onDisk = [...new Set(sources.flatMap((path) => [...foldersOf(path), path]))].sort();
  expect(map.map(({ path }) => path).sort()).toEqual(onDisk);
});

test("the maps say of everything what it is for, and of a folder the same", () => {
  expect([...overview, ...map].filter(({ purpose }) => !/\w/.test(purpose))).toEqual([]);
  const purposes = new Map(map.map(({ path, purpose }) => [path, purpose]));
  const told = overview.filter(({ path, purpose }) => path.startsWith("src/") && purposes.get(path) !== purpose);
  expect(told).toEqual([]);
});

test("ARCHITECTURE.md is a page", () => {
  expect(readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8").trimEnd().split("\n").length).toBeLessThan(120);
});

/** `src/codex/app-server.ts` → `src/`, `src/codex/`. */
function foldersOf(path: string): readonly string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => `${parts.slice(0, index + 1).join("/")}/`);
}

/** The last fenced block of a page: two blanks a level, a name (a folder's ends with `/`), blanks, what it is for. */
function readMap(page: string): readonly Entry[] {
  const markdown = readFileSync(join(ROOT, page), "utf8");
  const block = [...markdown.matchAll(/```\w*\n(.*?)```/gs)].at(-1)?.[1] ?? "";
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
