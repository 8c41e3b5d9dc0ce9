import { basename } from "node:path";
import { LAUNCH_LIMIT_MS } from "../../broker/command/wait-session.ts";
import { isSettled } from "../../broker/store/settled.ts";
import { escapeValue, oneLine } from "../../text/defuse.ts";
import { planProgress, waiting } from "./block.ts";
import { needsOf } from "./needs.ts";
import type { Watched } from "./session.ts";
import type { WatchedSessions } from "./sessions.ts";

/** A line for each change, until all sessions have settled. `end` resolves then, or when the signal comes. */
export class PlainLines {
  readonly #write: (text: string) => void;
  readonly #told = new Map<string, string>();
  #again: NodeJS.Timeout | undefined;
  #over = false;
  #ended: () => void = () => {};
  readonly end: Promise<void>;

  constructor(write: (text: string) => void, signal: AbortSignal) {
    this.#write = write;
    this.end = new Promise((resolve) => {
      this.#ended = () => {
        clearTimeout(this.#again);
        this.#over = true;
        resolve();
      };
    });
    signal.addEventListener("abort", this.#ended);
  }

  look(sessions: WatchedSessions): void {
    if (this.#over) return;
    const all = sessions.all();
    for (const watched of all) {
      const line = plainLine(watched);
      if (this.#told.get(watched.folder) === line) continue;
      this.#told.set(watched.folder, line);
      this.#write(`${new Date(watched.at).toISOString().replace(/\.\d+Z$/, "Z")} ${line}\n`);
    }
    clearTimeout(this.#again);
    if (!sessions.complete) return;
    const left = Math.max(0, ...all.map((watched) => msLeft(watched, Date.now())));
    if (left === 0) this.#ended();
    else if (left < Number.POSITIVE_INFINITY) this.#again = setTimeout(() => this.look(sessions), left);
  }
}

/** A session as one line: `<id> <status> <phase>`, then the rest as `key=value`. */
export function plainLine(watched: Watched): string {
  const id = basename(watched.folder);
  if (watched.type === "damaged") return `${id} damaged - error=${value(watched.reason)}`;
  const { state, live, worker } = watched.now;
  const phase =
    live === null ? "-" : live.running_command === null ? oneLine(live.phase, 40).replaceAll(" ", "_") : "running";
  const settled = isSettled(state);
  const extra: readonly (readonly [string, string | number | null | undefined])[] = [
    ["name", state.name],
    ["worker", settled || worker === "alive" ? null : worker],
    ["last_run", settled && state.run_id === null ? state.last_run_status : null],
    ["error_kind", settled && state.run_id === null ? state.error_kind : null],
    ["queue", waiting(state) === 0 ? null : waiting(state)],
    ["plan", planProgress(live?.plan ?? [])?.done],
    ["command", live?.running_command],
  ];
  const told = extra.flatMap(([key, what]) => (what == null ? [] : [`${key}=${value(String(what))}`]));
  const needs = needsOf(state, state.broker_id).map(
    ({ what }) => `wants=${value(what.map(({ text }) => text).join(""))}`,
  );
  return [id, state.status, phase, ...told, ...needs].join(" ");
}

/** Quoted when it is more than a word. */
function value(text: string): string {
  const line = escapeValue(oneLine(text, 300));
  return /^[^\s"]+$/.test(line) ? line : JSON.stringify(line);
}

/** How much longer to wait for this session. */
function msLeft(watched: Watched, now: number): number {
  if (watched.type === "damaged" || isSettled(watched.now.state)) return 0;
  if (watched.now.worker !== "none") return Number.POSITIVE_INFINITY;
  return Math.max(0, watched.at + LAUNCH_LIMIT_MS - now);
}
