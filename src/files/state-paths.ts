import { isAbsolute, join } from "node:path";
import { randomHex } from "./random-hex.ts";

/** Where everything we keep lives: $ASK_CODEX_HOME, else $XDG_STATE_HOME/ask-codex, else ~/.local/state/ask-codex; null without a home. */
export function stateHome(env: Readonly<Record<string, string | undefined>>, home: string | null): string | null {
  const own = env["ASK_CODEX_HOME"];
  if (own) return own;
  const xdg = env["XDG_STATE_HOME"];
  // The XDG specification says that a relative path must be ignored.
  if (xdg && isAbsolute(xdg)) return join(xdg, "ask-codex");
  return home === null ? null : join(home, ".local", "state", "ask-codex");
}

/** The folder that holds every session: $CODEX_BROKER_SESSION_ROOT, else `sessions` in the state folder. */
export function sessionsRoot(env: Readonly<Record<string, string | undefined>>, state: string): string {
  return env["CODEX_BROKER_SESSION_ROOT"] || join(state, "sessions");
}

/** The folders that we make in the state folder. */
export const STATE_FOLDERS = [
  "threads",
  "live",
  "runs",
  "sessions",
  "reviews",
  "gate",
  "batches",
  "landings",
  "fleet",
  "worktrees",
] as const;

/** The files of one run. */
export function runPaths(state: string, runId: string) {
  const folder = join(state, "runs", runId);
  return {
    folder,
    events: join(folder, "events.jsonl"),
    report: join(folder, "report.md"),
    result: join(folder, "result.json"),
    stderr: join(folder, "stderr.log"),
    snapshot: join(folder, "snapshot"),
  };
}

/** What the review gate keeps of each Claude Code session. */
export function gateFolder(state: string): string {
  return join(state, "gate");
}

export type RunPaths = ReturnType<typeof runPaths>;

/** An id that sorts by time (UTC, milliseconds) and is unique under any concurrency (64 random bits). */
export function newId(now: Date = new Date()): string {
  const time = now.toISOString().replace(/[-:]/g, "").replace("T", "-").replace(".", "-").replace("Z", "");
  return `${time}-${randomHex(8)}`;
}

/** The beginning of an id of ours, of a broker session or a run: the time in milliseconds. Every command takes it for the whole. */
export function shortOwn(id: string): string {
  return id.slice(0, "20261128-174930-974".length);
}

/** What `newId` gives, and names like it: nothing that leads to another folder. */
export const SAFE_ID = /^\w[\w.-]*$/;
