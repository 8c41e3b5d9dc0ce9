import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ERROR_KINDS, EXIT_CODES, SIGNAL_EXIT_CODES, type Status } from "../../../src/errors.ts";
import { ROOT } from "../paths.ts";
import { anchorsIn, codeIn, fencesIn, linksIn, proseOf, rowsUnder } from "./markdown.ts";
import { commandsIn } from "./shell-commands.ts";
import { allSources, modulesIn } from "./source-files.ts";

/** Every document of the package. */
export const documents = allSources().filter(({ path }) => path.endsWith(".md"));

/** A file of the package, by its path below the package's folder. */
export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), "utf8");
}

/** A reference with the pages that its table of them names: what one page said before it was too long to be read for one question. */
export function chapterOf(name: string): string {
  const entry = textOf(`references/${name}.md`);
  const pages = rowsUnder(entry, "Read").flatMap(([link = ""]) => linksIn(link));
  return [entry, ...pages.map((page) => textOf(`references/${page}`))].join("\n");
}

/** What a module of ours has of the pattern's first group: words that no export tells. */
export function wordsIn(path: string, pattern: RegExp): readonly string[] {
  return [...textOf(path).matchAll(pattern)].map(([, word = ""]) => word);
}

/** A number that a module keeps to itself. */
export function constant(path: string, name: string): number {
  const [value] = wordsIn(path, new RegExp(`^(?:export )?const ${name} = ([\\d_]+)n?;`, "gm"));
  return Number(value?.replaceAll("_", ""));
}

/**
 * The exit codes that a run can have today, with their statuses. A status that nothing outside the table of errors.ts uses
 * belongs to what is still to come.
 */
export function statusesByCode(): Readonly<Record<number, readonly string[]>> {
  const modules = modulesIn("src").filter(({ path }) => path !== "src/errors.ts");
  const kinds = Object.values(ERROR_KINDS).map((kind): Status => kind.status);
  const statuses = (Object.keys(EXIT_CODES) as Status[]).filter(
    (status) => kinds.includes(status) || modules.some(({ text }) => text.includes(`"${status}"`)),
  );
  const ended = statuses.map((status) => EXIT_CODES[status]);
  const codes = [...ended, ...Object.values(SIGNAL_EXIT_CODES)];
  const statusesOf = (code: number) => statuses.filter((status) => EXIT_CODES[status] === code);
  return Object.fromEntries(
    codes.map((code) => [code, ended.some((own) => own === code) ? statusesOf(code) : CANCELLED]),
  );
}

/** What a signal ends with, whichever code it leaves. */
const CANCELLED: readonly Status[] = ["cancelled"];

// Their flags are not ours to check.
const OTHERS = new Set(["git", "npm", "npx", "codex", "claude", "node"]);

/** The flags that a document names, less those of other programs' commands. */
export function flagsNamedIn(markdown: string): readonly string[] {
  const prose = proseOf(markdown).replaceAll(/\]\([^)]*\)/g, "]");
  const examples = fencesIn(markdown).flatMap((text) => commandsIn(text).filter(([name = ""]) => !OTHERS.has(name)));
  const spans = codeIn(prose).filter((code) => !OTHERS.has(code.split(" ")[0] ?? ""));
  const rest = prose.replaceAll(/`[^`\n]+`/g, "");
  // A word of an example may be another program's whole command: `--verify-cmd 'npx tsc --noEmit'`.
  const words = examples.flat().filter((word) => word.startsWith("--"));
  return [...words, ...spans, rest].flatMap((part) => part.match(/(?<![\w-])--[a-z][a-z-]*/g) ?? []);
}

/** The npm scripts that a document tells to run. */
export function scriptsNamedIn(markdown: string): readonly string[] {
  const commands = [...codeIn(proseOf(markdown)), ...fencesIn(markdown)].flatMap(commandsIn);
  return commands.flatMap(([program, verb, name]) => {
    if (program !== "npm") return [];
    return verb === "run" && name !== undefined ? [name] : verb === "test" ? ["test"] : [];
  });
}

/** Whether a relative link in a document leads to a file, and to a heading of it. */
export function resolves(from: string, target: string): boolean {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? from : join(dirname(from), file);
  if (!existsSync(join(ROOT, path))) return false;
  return anchor === undefined || anchorsIn(textOf(path)).has(anchor);
}

/** Every key of a JSON value, as a path: `changes[].path`. An empty list would hide what its entries have. */
export function keysOf(value: unknown, path = ""): readonly string[] {
  if (Array.isArray(value)) {
    if (value.length === 0) throw new Error(`there is nothing in ${path}`);
    return value.flatMap((entry) => keysOf(entry, `${path}[]`));
  }
  if (typeof value !== "object" || value === null) return [path];
  const entries = Object.entries(value).filter(([, content]) => content !== undefined);
  return entries.flatMap(([key, content]) => keysOf(content, path === "" ? key : `${path}.${key}`));
}
