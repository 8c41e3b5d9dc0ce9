import { relative, resolve, sep } from "node:path";
import { UsageError } from "../../errors.ts";
import { isWithin } from "../../files/is-within.ts";
import { realFolder } from "../../files/real-place.ts";
import { STATE_FOLDERS } from "../../files/state-paths.ts";
import type { WorkingPlace } from "./resolve-settings.ts";

export interface StatePlaces {
  readonly state: string;
  /** Where the sessions of codex_broker are; in the state folder, unless the user has put them elsewhere. */
  readonly sessions: string;
}

/**
 * Makes sure of where a turn works: in the very folder that was meant, and not where it could write what we trust: our records, and the
 * words that decide. Under full access everything is in reach, and the documents say so.
 * @throws UsageError with what to change
 */
export function requirePlace(
  { cwd, sandbox }: WorkingPlace,
  { state, sessions }: StatePlaces,
  env: Readonly<Record<string, string | undefined>>,
): void {
  if (sandbox.mode === "read-only") return;
  if (cwd !== null && realFolder(cwd) !== cwd) throw elsewhere(cwd);
  if (sandbox.mode !== "workspace-write") return;
  const temporary = env["TMPDIR"] ? [resolve(env["TMPDIR"])] : [];
  const roots = [...(cwd === null ? [] : [cwd]), ...sandbox.writableRoots, ...temporary, "/tmp"].map(realFolder);
  const kept = realFolder(state);
  const others = realFolder(sessions);
  for (const root of roots) {
    if (isWithin(kept, root) || (isWithin(root, kept) && isKept(relative(kept, root)))) throw inReach(kept, root);
    if (isWithin(others, root) || (isWithin(root, others) && isOfSession(relative(others, root))))
      throw inReach(others, root);
  }
}

/** A path in the state folder: all that we keep there decides something, but for the trees that are there to be worked in, each by itself. */
function isKept(path: string): boolean {
  const [top] = path.split(sep);
  return STATE_FOLDERS.some((name) => name === top) && !TREE.test(path);
}

const TREE = /^(?:worktrees\/[^/]+|fleet\/workers\/[^/]+\/[^/]+|sessions\/[^/]+\/worktree)(?:\/|$)/;

/** A path in the folder of the sessions, which may hold other folders where the user has named it. */
function isOfSession(path: string): boolean {
  return /^\d{8}-/.test(path) && !/^[^/]+\/worktree(?:\/|$)/.test(path);
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
