import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { modulesIn, type SourceFile } from "../support/documents/source-files.ts";
import { ROOT } from "../support/paths.ts";
import { projectOf } from "../support/setup/projects.ts";

const MAX_ENTRIES = 30;

const modules = modulesIn("tests");

test("a room of tests imports from itself, from tests/support and from src only", () => {
  const wrong = modules.flatMap((module) =>
    targetsOf(module)
      .filter((target) => target.startsWith("tests/") && !isOwn(module.path, target))
      .map((target) => `${module.path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test("no module imports a test", () => {
  const wrong = modules.filter((module) => targetsOf(module).some((target) => target.endsWith(".test.ts")));
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

test(`a folder of tests has at most ${MAX_ENTRIES} entries`, () => {
  const folders = new Set(modules.map(({ path }) => dirname(path)));
  const full = [...folders].filter((folder) => readdirSync(join(ROOT, folder)).length > MAX_ENTRIES);
  expect(full).toEqual([]);
});

test("pure tests and tests of git need nothing that must be compiled or installed first", () => {
  const starts = /\bcreateWorld\(|\bcodexBin\(|\bwithNode\(|"scripts", "(ask_codex|codex_broker|ask-codex)"\)/;
  const wrong = modules.filter(
    ({ path, text }) =>
      path.endsWith(".test.ts") && ["unit", "git"].includes(projectOf(path)) && starts.test(withoutSkills(text)),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

/** A skill that a test has put somewhere has programs of its own. */
function withoutSkills(text: string): string {
  return text.replaceAll(/\b(skill|target|place\.skill), "scripts"/g, "");
}

/** The room is the first folder below tests, and of the end-to-end tests all of them. */
function isOwn(path: string, target: string): boolean {
  const room = path.split("/").slice(0, 2).join("/");
  return target.startsWith(`${room}/`) || target.startsWith("tests/support/");
}

function targetsOf({ path, text }: SourceFile): readonly string[] {
  const specifiers = [...text.matchAll(/\b(?:from|import)\s*\(?\s*"(\.[^"]+\.ts)"/g)];
  return specifiers.map(([, specifier = ""]) => join(dirname(path), specifier));
}
