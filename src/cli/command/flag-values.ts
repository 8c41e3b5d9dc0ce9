import { realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import type { SandboxMode } from "../../codex/settings.ts";
import { isErrno, UsageError } from "../../errors.ts";
import { escapeValue } from "../../text/defuse.ts";
import { writeErr } from "../edge/stdio.ts";
import type { SettingsFlags } from "./turn-options.ts";

/** The sandbox that the flags ask for; null when they leave it open. */
export function sandboxModeOf({ readOnly, sandbox, fullAuto }: SettingsFlags): SandboxMode | null {
  return readOnly ? "read-only" : (sandbox ?? (fullAuto ? "workspace-write" : null));
}

/**
 * A name that a session can have. `said`: as it was given.
 * @throws UsageError
 */
export function sessionName(name: string, said: string): string {
  if (/^[A-Za-z0-9][\w.-]{0,63}$/.test(name)) return name;
  throw new UsageError(
    `${said === "" ? '""' : said} is not a name: use letters, digits, dots, dashes and underscores, 64 at most.`,
  );
}

/** Absolute paths of files that are there. */
export async function filesToLookAt(flag: string, paths: readonly string[], cwd: string): Promise<readonly string[]> {
  return inBatches(paths, (path) => file(flag, path, cwd));
}

/** Warns of each `--file` that names nothing: Codex learns it as well, but only the caller can correct a slip of the keyboard. */
export async function warnOfMissing(files: readonly string[], workspace: string): Promise<void> {
  if (files.length === 0) return;
  const { resolveFileReferences } = await import("../../ask/prompt/file-reference.ts");
  const missing = (await resolveFileReferences(files, workspace)).filter(({ exists }) => !exists);
  for (const { told } of missing) writeErr(`[WARNING] --file: no such file: ${escapeValue(told)}\n`);
}

/**
 * The absolute path of a file that is there.
 * @throws UsageError
 */
export async function file(flag: string, path: string, cwd: string): Promise<string> {
  const absolute = resolve(cwd, path);
  if (await is(absolute, "file")) return absolute;
  const why = (await is(absolute, "folder")) ? "it is a folder" : "there is no such file";
  throw new UsageError(`${flag} cannot be read: ${path} (${why})`);
}

/** @throws UsageError when there is no folder at this path, and says whether there is something else */
export async function folder(what: string, path: string, cwd: string): Promise<string> {
  const absolute = resolve(cwd, path);
  if (await is(absolute, "folder")) return realpath(absolute);
  throw new UsageError(`${what} ${(await is(absolute, "file")) ? "is not a folder" : "does not exist"}: ${path}`);
}

/** Whether there is a file, or a folder, at this path. */
export async function is(path: string, kind: "file" | "folder"): Promise<boolean> {
  try {
    const found = await stat(path);
    return kind === "folder" ? found.isDirectory() : found.isFile();
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP", "ENAMETOOLONG")) return false;
    throw error;
  }
}
