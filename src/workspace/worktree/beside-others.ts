import { rm, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { oneAtATime } from "../../bounds/one-at-a-time.ts";
import { GitError } from "../git/git.ts";

/** How often, and how long apart, git gets another chance beside a process that we know nothing of. */
const TRIES = 20;
const PAUSE_MS = 100;

/** Our worktrees carry the id of their run or session: we remove nothing of any other. */
const OURS = /^\d{8}-\d{6}-\d{3}-[0-9a-f]{16}$/;

const turns = new Map<string, ReturnType<typeof oneAtATime>>();

/**
 * Runs a `git worktree` command in a folder of a repository. Git looks at all worktrees, and fails on one that another git is just making, so ours go
 * one after the other, and other processes' are waited for. What a git that was killed has left half made is removed, if it is ours.
 */
export function besideOthers(cwd: string, command: () => Promise<string>): Promise<string> {
  const inTurn = turns.get(cwd) ?? oneAtATime();
  turns.set(cwd, inTurn);
  return inTurn(async () => {
    for (let tried = 1; ; tried++) {
      try {
        return await command();
      } catch (error) {
        const halfMade = halfMadeIn(error, cwd);
        if (halfMade === null || tried > TRIES) throw error;
        if (tried < TRIES) await sleep(PAUSE_MS);
        else if (!(await isAbandoned(halfMade))) throw error;
        else await rm(halfMade, { recursive: true, force: true });
      }
    }
  });
}

/** What git could not read: the folder of a worktree in which a file is missing or empty. */
function halfMadeIn(error: unknown, cwd: string): string | null {
  if (!(error instanceof GitError)) return null;
  const found =
    /^fatal: (?:failed to read|could not open|unable to read) '?(.*worktrees\/[^/\n]+)\/(?:commondir|gitdir|HEAD)/m;
  const folder = found.exec(error.stderr)?.[1];
  return folder === undefined ? null : resolve(cwd, folder);
}

/** Nothing has changed in it for as long as we have tried. */
async function isAbandoned(folder: string): Promise<boolean> {
  if (!OURS.test(basename(folder))) return false;
  const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
  return mtimeMs < Date.now() - TRIES * PAUSE_MS;
}
