import { realpathSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { inBatches } from "../bounds/in-batches.ts";
import { AskCodexError, isErrno } from "../errors.ts";
import { isExecutable } from "../files/executable.ts";

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
  const folders = [...foldersOf(search.path), ...(await usualFolders(search.home))];
  for (const folder of folders) {
    const found = executable(join(folder, "codex"));
    if (found !== null && !found.real.startsWith(join(search.ownPackage, "node_modules", "@openai")))
      return native(found);
  }
  throw new AskCodexError(
    "codex_missing",
    "codex was not found on PATH or in the usual places of a global install (one in this package's own node_modules is for its tests and does not count)",
  );
}

function commandFromEnv(command: string, { path }: CodexSearch): CodexCommand {
  // A path may hold blanks: the whole value is tried as one program before it is taken apart.
  for (const [program = "", ...args] of [[command], command.split(/\s+/)]) {
    const candidates = program.includes("/") ? [program] : foldersOf(path).map((folder) => join(folder, program));
    for (const candidate of candidates) {
      const found = executable(candidate);
      if (found !== null) return { ...native(found), args };
    }
  }
  throw new AskCodexError("codex_missing", `ASK_CODEX_COMMAND names no program that can be run: ${command}`, {
    hint: "Set it to the path of a codex, or unset it.",
  });
}

/** An empty or relative entry of PATH would make a program of whatever lies in the folder Codex is to work in. */
function foldersOf(path: string): readonly string[] {
  return path.split(":").filter(isAbsolute);
}

async function usualFolders(home: string | null): Promise<readonly string[]> {
  const system = ["/usr/local/bin", "/opt/homebrew/bin", "/home/linuxbrew/.linuxbrew/bin", "/usr/bin"];
  if (home === null) return system;
  const perVersion = [
    [join(home, ".nvm", "versions", "node"), "bin"],
    [join(home, ".local", "share", "fnm", "node-versions"), "installation/bin"],
    [join(home, ".asdf", "installs", "nodejs"), "bin"],
    [join(home, ".local", "share", "mise", "installs", "node"), "bin"],
  ] as const;
  const versioned = await inBatches(perVersion, async ([root, bin]) =>
    (await newestFirst(root)).map((version) => join(root, version, bin)),
  );
  const plain = [".local/bin", ".npm-global/bin", ".npm/bin", ".volta/bin", ".bun/bin", ".local/share/pnpm"];
  return [...plain.map((folder) => join(home, folder)), ...system, ...versioned.flat()];
}

async function newestFirst(folder: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
    throw error;
  }
}

interface Executable {
  readonly path: string;
  /** Where its links lead: this tells npm's launcher from other programs, and is never what is started. */
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
