import { realpathSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { AskCodexError } from "../errors.ts";
import { isExecutable } from "../files/executable.ts";
import { namedProgram, pathFolders, usualFolders } from "../files/program-folders.ts";

export interface CodexCommand {
  /** Absolute path of the program, as PATH gives it: a version manager goes by the name that it is called with. */
  readonly program: string;
  /** Arguments that come before ours (only from ASK_CODEX_COMMAND). */
  readonly args: readonly string[];
  /** Folders that the program wants in front of PATH. */
  readonly pathAdditions: readonly string[];
}

export interface CodexSearch {
  /** ASK_CODEX_COMMAND: a program, or a program and its arguments separated by blanks. */
  readonly command: string | undefined;
  readonly path: string;
  /** Null where there is none. */
  readonly home: string | null;
  /** This package's own folder: its dev dependency is never taken for the user's Codex. */
  readonly ownPackage: string;
}

/**
 * Finds Codex: ASK_CODEX_COMMAND, then `codex` on PATH, then the usual places of a global install. npm's `codex` is a Node
 * program that starts the native one; where that lies as it does in the package, it is started directly (50 ms and a process less).
 * @throws AskCodexError `codex_missing`
 */
export async function findCodex(search: CodexSearch): Promise<CodexCommand> {
  if (search.command?.trim()) return commandFromEnv(search.command.trim(), search);
  const folders = [...pathFolders(search.path), ...(await usualFolders(search.home))];
  let skipped: string | null = null;
  for (const folder of folders) {
    const found = executable(join(folder, "codex"));
    if (found === null) continue;
    if (!found.real.startsWith(join(search.ownPackage, "node_modules", "@openai"))) return native(found);
    skipped = found.path;
  }
  throw new AskCodexError(
    "codex_missing",
    `codex was not found on PATH or in the usual places of a global install${skipped === null ? "" : ` (${skipped} is for this package's own tests and does not count)`}`,
  );
}

function commandFromEnv(command: string, { path }: CodexSearch): CodexCommand {
  const named = namedProgram(command, path);
  const found = named && executable(named.program);
  if (found !== null) return { ...native(found), args: named?.args ?? [] };
  throw new AskCodexError("codex_missing", `ASK_CODEX_COMMAND names no program that can be run: ${command}`, {
    hint: "Set it to the path of a codex, or unset it.",
  });
}

interface Executable {
  readonly path: string;
  /** Where its links lead: it distinguishes npm's launcher from other programs, and is never started. */
  readonly real: string;
}

/** An executable file, or null. */
function executable(path: string): Executable | null {
  return isExecutable(path) ? { path: resolve(path), real: realpathSync(path) } : null;
}

/** The platform package's layout, as npm's own launcher looks for it: beside the package or nested in it. */
function native({ path, real }: Executable): CodexCommand {
  const itself = { program: path, args: [], pathAdditions: [] };
  if (!real.endsWith(join("@openai", "codex", "bin", "codex.js"))) return itself;
  const target = TARGETS[`${process.platform}-${process.arch}`];
  if (target === undefined) return itself;
  const root = dirname(dirname(real));
  const platformPackage = `codex-${process.platform}-${process.arch}`;
  for (const base of [
    join(root, "node_modules", "@openai", platformPackage),
    join(root, "..", platformPackage),
    root,
  ]) {
    const vendor = join(base, "vendor", target);
    const program = executable(join(vendor, "bin", "codex"));
    if (program !== null) return { program: program.path, args: [], pathAdditions: [join(vendor, "codex-path")] };
  }
  return itself;
}

const TARGETS: Readonly<Record<string, string>> = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
};
