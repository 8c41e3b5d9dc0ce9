import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ROOT } from "../paths.ts";
import { shareOf } from "./share.ts";
import type { Suite } from "./suites.ts";

/**
 * The vitest projects, from the one that needs most down. A test file belongs to the first whose module it reaches by its imports, so
 * there is no list to keep: whoever imports a world needs the compiled programs, whoever imports a repository needs git.
 */
const NEEDS = [
  { project: "claude", module: "tests/support/claude/claude-code.ts" },
  { project: "e2e", module: "tests/support/codex.ts" },
  { project: "e2e", module: "tests/support/machine/nodes.ts" },
  { project: "e2e", module: "tests/support/programs.ts" },
  { project: "e2e", module: "tests/support/release/" },
  { project: "e2e", module: "tests/demo/" },
  { project: "e2e", module: "tests/repo/skill.test.ts" },
  { project: "git", module: "tests/support/git/" },
  { project: "unit", module: "" },
] as const;

export type Project = (typeof NEEDS)[number]["project"];

/** What a test file of a longer suite says: of the matrix by the versions or cases it asks for, of the faults by drawing or loading. */
const BELONGS: Readonly<Record<Suite, RegExp>> = {
  change: /(?:)/,
  matrix: /\bwith(Codex|Claude|Node)\("(rest|further)"|\bwithCases[(<]|\binMatrix\(/,
  faults: /support\/trials\.ts"/,
};

const MATRIX_SHARE = Number(process.env["MATRIX_SHARE"] ?? 1);

/** Which tests of these files belong to it. */
export const TITLES: Readonly<Record<Suite, RegExp | null>> = {
  change: null,
  matrix: /(with Codex|in Claude Code|under Node) \d|\bmore cases\b/,
  faults: /\((at random|under load)\)/,
};

/** The test files of a suite, by path below the package's folder; of the matrix the share that MATRIX_SHARE names. */
export function filesOf(suite: Suite): Readonly<Record<Project, readonly string[]>> {
  const files: Record<Project, string[]> = { claude: [], e2e: [], git: [], unit: [] };
  const all = testFiles().filter((path) => BELONGS[suite].test(textOf(path)));
  for (const path of shareOf(all, suite === "matrix" ? MATRIX_SHARE : 1)) files[projectOf(path)].push(path);
  return files;
}

/** The project of a test file. */
export function projectOf(path: string): Project {
  const reached = [...reachedFrom(path, new Set())];
  const need = NEEDS.find(({ module }) => reached.some((name) => name.startsWith(module)));
  return need?.project ?? "unit";
}

function testFiles(): readonly string[] {
  const names = readdirSync(join(ROOT, "tests"), { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join("tests", name))
    .sort();
}

/** The modules below tests that a module imports, itself included, however far. */
function reachedFrom(path: string, found: Set<string>): ReadonlySet<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const target of importsOf(path)) reachedFrom(target, found);
  return found;
}

const imports = new Map<string, readonly string[]>();

function importsOf(path: string): readonly string[] {
  const known = imports.get(path);
  if (known !== undefined) return known;
  // A type costs nothing at run time.
  const specifiers = [...textOf(path).matchAll(/^(?:import|\} from)(?! type\b).*?"(\.[^"]+\.ts)"/gm)];
  const targets = specifiers.map(([, specifier = ""]) => relative(ROOT, join(ROOT, dirname(path), specifier)));
  const own = targets.filter((target) => target.startsWith("tests/"));
  imports.set(path, own);
  return own;
}

function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}
