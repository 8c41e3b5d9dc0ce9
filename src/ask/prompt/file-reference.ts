import { realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { exists } from "../../files/look.ts";

/** A file that Codex should read first. */
export interface FileReference {
  /** Absolute, with the line suffix as it was given: `/w/src/a.ts:12-20`. */
  readonly told: string;
  readonly exists: boolean;
}

/**
 * Resolves the values of `--file` against the workspace. A line suffix (`:12`, `:12-20`, `#L3`, `#L3-L9`) stays in what Codex is
 * told; a comma separates files only where no file of that whole name exists.
 */
export async function resolveFileReferences(
  values: readonly string[],
  workspace: string,
): Promise<readonly FileReference[]> {
  const resolved = await inBatches(values, (value) => resolveValue(value.trim(), workspace));
  return resolved.flat();
}

async function resolveValue(value: string, workspace: string): Promise<readonly FileReference[]> {
  if (value === "") return [];
  const whole = await resolveOne(value, workspace);
  if (whole.exists || !value.includes(",")) return [whole];
  const parts = value.split(",").map((part) => part.trim());
  return inBatches(
    parts.filter((part) => part !== ""),
    (part) => resolveOne(part, workspace),
  );
}

async function resolveOne(value: string, workspace: string): Promise<FileReference> {
  // A file may really be called `notes:12`: the name as given goes first.
  for (const { path, suffix } of [{ path: value, suffix: "" }, splitSuffix(value)]) {
    const absolute = resolve(workspace, path);
    if (await exists(absolute)) return { told: (await inRealFolder(absolute)) + suffix, exists: true };
  }
  const { path, suffix } = splitSuffix(value);
  return { told: resolve(workspace, path) + suffix, exists: false };
}

function splitSuffix(value: string): { path: string; suffix: string } {
  const match = /^(.+?)(#L\d+(?:-L?\d+)?|:\d+(?:[-:]\d+)?)$/.exec(value);
  return match ? { path: match[1] ?? value, suffix: match[2] ?? "" } : { path: value, suffix: "" };
}

/** The folder's links are resolved, the file's own name is kept: it is the name the task speaks of. */
async function inRealFolder(path: string): Promise<string> {
  return join(await realpath(dirname(path)), basename(path));
}
