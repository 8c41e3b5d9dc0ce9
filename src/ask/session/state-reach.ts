import { join, resolve } from "node:path";
import { UsageError } from "../../errors.ts";
import { isWithin } from "../../files/is-within.ts";
import { realFolder } from "../../files/real-place.ts";
import type { WorkingPlace } from "./resolve-settings.ts";

export interface StatePlaces {
  readonly state: string;
  /** Where runs, or sessions, are kept; the state folder, or another one. */
  readonly home: string;
}

// Of the state folder; what else is in it are worktrees, which are there to be written.
const OURS = ["threads", "live", "runs", "queue", "words", "batches", "landings"];

/**
 * Makes sure of where a turn works: in the very folder that was meant, and not where it could write what we trust: our records, and the words that decide. Under full access everything is in reach,
 * and the documents say so.
 * @throws UsageError with what to change
 */
export function requirePlace(
  { cwd, sandbox }: WorkingPlace,
  { state, home }: StatePlaces,
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (sandbox.mode === "read-only") return;
  if (cwd !== null && realFolder(cwd) !== cwd) throw elsewhere(cwd);
  if (sandbox.mode !== "workspace-write") return;
  const temporary = env["TMPDIR"] ? [resolve(env["TMPDIR"])] : [];
  const roots = [...(cwd === null ? [] : [cwd]), ...sandbox.writableRoots, ...temporary, "/tmp"].map(realFolder);
  const kept = [...new Set([realFolder(state), realFolder(home)])];
  for (const folder of kept) {
    const above = roots.find(
      (root) => isWithin(folder, root) || OURS.some((name) => isWithin(root, join(folder, name))),
    );
    if (above !== undefined) throw inReach(folder, above);
  }
}

/** Flags are resolved as they are read, and so is what we record: a link in it has been put there since, and who did chose the place. */
function elsewhere(cwd: string): UsageError {
  return new UsageError(
    `The session's workspace is another folder by now: ${cwd} leads to ${realFolder(cwd)}.`,
    "Give it the one that is meant with -w, or start a session there.",
  );
}

function inReach(folder: string, root: string): UsageError {
  return new UsageError(
    `Codex could write the state folder: ${folder} and ${root}, which a workspace-write turn may write, are one within the other.`,
    "Set ASK_CODEX_HOME to a folder outside the workspace, --add-dir, TMPDIR and /tmp; or work in another folder, or with --read-only.",
  );
}
