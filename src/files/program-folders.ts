import { readdir } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { inBatches } from "../bounds/in-batches.ts";
import { isErrno } from "../errors.ts";
import { isExecutable } from "./executable.ts";

/** The folders of PATH. An empty or relative entry would make a program of whatever lies in the folder that is worked in. */
export function pathFolders(path: string): readonly string[] {
  return path.split(":").filter(isAbsolute);
}

/** Where package managers put the programs of a global install, the user's own first. */
export async function usualFolders(home: string | null): Promise<readonly string[]> {
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

/**
 * A program and its arguments, separated by blanks, as an environment variable names them; null: it names none that can be run. A path
 * may hold blanks: the whole value is tried as one program before it is taken apart.
 */
export function namedProgram(
  command: string,
  path: string,
): { readonly program: string; readonly args: readonly string[] } | null {
  for (const [program = "", ...args] of [[command], command.split(/\s+/)]) {
    const candidates = program.includes("/") ? [program] : pathFolders(path).map((folder) => join(folder, program));
    const found = candidates.find(isExecutable);
    if (found !== undefined) return { program: found, args };
  }
  return null;
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
