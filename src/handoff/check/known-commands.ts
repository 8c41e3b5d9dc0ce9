import { delimiter, join, normalize } from "node:path";
import { isExecutable } from "../../files/executable.ts";
import { exists } from "../../files/look.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { type SimpleCommand, simpleCommands } from "./shell-words.ts";

export interface CommandContext {
  /** Where commands are run. */
  readonly root: string;
  /** PATH. */
  readonly searchPath: string;
  /** Whether the work may still make or change this file. */
  mayChange(path: string): boolean;
}

/** Why a command cannot be run as it is: a program, a file or a script that does not exist. Null: nothing is known against it. */
export async function commandFault(command: string, place: CommandContext): Promise<string | null> {
  let folder = "";
  for (const { words } of simpleCommands(command) ?? []) {
    const [program, ...rest] = withoutPrefix(words);
    // What only the shell can know is left to it.
    if (program === undefined || program === null) continue;
    if (program === "cd") {
      const [to] = rest;
      if (to === null || to === undefined || /^[-/~]/.test(to)) return null;
      folder = join(folder, to);
      continue;
    }
    const fault = (await programFault(program, folder, place)) ?? (await scriptFault(program, rest, folder, place));
    if (fault !== null) return fault;
  }
  return null;
}

function withoutPrefix(words: SimpleCommand["words"]): SimpleCommand["words"] {
  const first = words.findIndex((word) => word === null || !(PREFIXES.has(word) || /^[A-Za-z_]\w*\+?=/.test(word)));
  const rest = first === -1 ? [] : words.slice(first);
  return rest[0] === "for" || rest[0] === "select" ? [] : rest;
}

const PREFIXES = new Set(["!", "{", "}", "if", "then", "else", "elif", "fi", "while", "until", "do", "done", "time"]);

/** What bash does itself. */
const BUILTINS = new Set(
  `. : [ [[ alias bg bind break builtin caller cd command compgen complete continue declare dirs disown echo enable eval exec exit
  export false fg getopts hash help history jobs kill let local logout mapfile popd printf pushd pwd read readarray readonly return
  set shift shopt source suspend test times trap true type typeset ulimit umask unalias unset wait`.split(/\s+/),
);

async function programFault(
  program: string,
  folder: string,
  { root, ...place }: CommandContext,
): Promise<string | null> {
  if (BUILTINS.has(program) || /[*?[~]/.test(program)) return null;
  if (program.includes("/")) {
    const inside = normalize(join(folder, program));
    if (program.startsWith("/") ? await exists(program) : await exists(join(root, inside))) return null;
    return place.mayChange(inside) ? null : `there is no ${program}`;
  }
  if (place.searchPath.split(delimiter).some((path) => isExecutable(join(path || ".", program)))) return null;
  return `there is no program ${program} on PATH`;
}

type Words = SimpleCommand["words"];

/** `npm test` and its kin run what package.json names. */
async function scriptFault(
  program: string,
  words: Words,
  folder: string,
  place: CommandContext,
): Promise<string | null> {
  const script = scriptIn(program, words);
  if (script === null) return null;
  const manifest = join(folder, "package.json");
  if (place.mayChange(manifest)) return null;
  const path = join(place.root, manifest);
  const scripts = await scriptsOf(path);
  if (scripts === "none") return `there is no ${manifest}`;
  if (scripts === "unreadable" || Object.hasOwn(scripts, script)) return null;
  const other = program !== "npm" && (await exists(join(place.root, folder, "node_modules", ".bin", script)));
  return other ? null : `${manifest} has no script ${script}`;
}

/** Null: no script, or one of another folder. */
function scriptIn(program: string, words: Words): string | null {
  if (!["npm", "pnpm", "yarn", "bun"].includes(program) || words.includes(null)) return null;
  const end = words.indexOf("--");
  const own = (end === -1 ? words : words.slice(0, end)) as readonly string[];
  if (own.some((word) => /^(--prefix|--workspaces?|--filter|--cwd|--dir|--if-present|-w|-ws|-C|-F|-r)(=|$)/.test(word)))
    return null;
  const [command = "", script] = own.filter((word) => !word.startsWith("-"));
  if (["run", "run-script"].includes(command)) return script ?? null;
  // bun has a test runner of its own.
  return ["test", "t", "tst"].includes(command) && program !== "bun" ? "test" : null;
}

async function scriptsOf(path: string): Promise<Readonly<Record<string, unknown>> | "none" | "unreadable"> {
  const text = readPlainOr(path, null, { follow: true });
  if (text === null) return "none";
  try {
    const { scripts } = JSON.parse(text) as { readonly scripts?: Readonly<Record<string, unknown>> };
    return { ...scripts };
  } catch {
    return "unreadable";
  }
}
