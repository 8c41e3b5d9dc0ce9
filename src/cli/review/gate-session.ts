import { closeSync, lstatSync, readSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { parseJsonLine } from "../../files/json-line.ts";
import { openPlain } from "../../files/open-plain.ts";
import { newId, runPaths } from "../../files/state-paths.ts";
import { resolveTarget } from "../../review/target/target.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { stateFolder } from "../edge/folders.ts";

const stopSchema = z.object({
  session_id: z.string(),
  transcript_path: z.string(),
  cwd: z.string(),
  stop_hook_active: z.boolean(),
});

/** What Claude Code gives a Stop hook; null: it is something else. */
export function readStop(text: string): z.infer<typeof stopSchema> | null {
  return parseJsonLine(text, stopSchema);
}

const timed = z.object({ timestamp: z.iso.datetime() });

/** When a session began, by the first time in its transcript; null: none is near its beginning. */
export function sessionStart(transcript: string): Date | null {
  const bytes = Buffer.alloc(HEAD_BYTES);
  const file = openPlain(transcript, "read", { follow: true });
  try {
    const text = bytes.toString("utf8", 0, readSync(file, bytes, 0, HEAD_BYTES, 0));
    for (const line of text.split("\n")) {
      const at = parseJsonLine(line, timed)?.timestamp;
      if (at !== undefined) return new Date(at);
    }
    return null;
  } finally {
    closeSync(file);
  }
}

const HEAD_BYTES = 1024 * 1024;

export interface SessionChange {
  /** Where the branch was when the session began. */
  readonly base: string;
  /** The tree that lies there now. */
  readonly tree: string;
  /** The files that differ from the base and were written since the session began. */
  readonly paths: ReadonlySet<string>;
}

/** What was changed since a time, committed or not; null: not in a git work tree. */
export async function changedSince(since: Date, workspace: string): Promise<SessionChange | null> {
  const tree = await findWorkTree(workspace);
  if (tree === undefined) return null;
  const { snapshot, folder } = runPaths(stateFolder(), newId());
  try {
    const base = `HEAD@{${since.toISOString()}}`;
    const { signal } = new AbortController();
    const target = await resolveTarget({ type: "base", ref: base }, { tree, folder: snapshot, signal });
    const written = target.files.filter(({ path }) => isWrittenSince(join(tree.root, path), since));
    return {
      base: target.before.commit ?? base,
      tree: target.after.tree,
      paths: new Set(written.map(({ path }) => path)),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** By the change time, which neither a copy nor an unpacked archive can set back. What is gone was not written since. */
function isWrittenSince(path: string, since: Date): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && found.ctimeMs >= since.getTime();
}
