import { basename } from "node:path";
import type { Inspected } from "../../broker/command/inspect-session.ts";
import { LAUNCH_LIMIT_MS } from "../../broker/command/wait-session.ts";
import type { Live } from "../../broker/socket/protocol.ts";
import { isSettled } from "../../broker/store/settled.ts";
import { shortOwn } from "../../files/state-paths.ts";
import { choicesText } from "../../text/choices.ts";
import { shortAge } from "../../text/words.ts";
import { type Line, piece, safe, type TextStyle } from "../output/styled-text.ts";
import { taskLines } from "../output/task-lines.ts";
import { type Need, needsOf } from "./needs.ts";
import type { Watched } from "./session.ts";

/** What is shown of one session, and how much it matters. */
export interface Block {
  readonly folder: string;
  readonly kind: Kind;
  /** The forms of a block, from the shortest to the longest. */
  readonly versions: readonly (readonly Line[])[];
}

/** In the order that they are shown in. */
export const KINDS = ["attention", "running", "queued", "idle"] as const;
export type Kind = (typeof KINDS)[number];

/** How a session is shown. */
export interface BlockForm {
  /** Also where it was started. */
  readonly places: boolean;
  /** Its name is enough for a command. */
  readonly named: boolean;
  readonly columns: number;
}

/** The block of a session at `now` (ms since the epoch). */
export function blockOf(watched: Watched, now: number, { places, named, columns }: BlockForm): Block {
  const { folder } = watched;
  if (watched.type === "damaged") {
    const title = [piece("! ", "red"), piece(shortOwn(basename(folder)), "bold"), piece("  damaged", "red")];
    return { folder, kind: "attention", versions: [[title, indented(piece(safe(watched.reason)))]] };
  }
  const { now: session, at } = watched;
  const { state } = session;
  const known = named && state.name !== null ? `@${safe(state.name)}` : shortOwn(basename(folder));
  const needs = [...needsOf(state, known), ...workerNeeds(session, known, now - at)];
  const kind = kindOf(session, needs);
  const place = places ? [piece(`  ${safe(session.state.started_in)}`, "dim")] : [];
  const title = [...titleOf(session, kind, ageOf(session, at, now)), ...place];
  const plan = session.live?.plan ?? [];
  const doing = doingOf(session);
  const least = [title, ...needs.flatMap((need) => briefly(need, columns))];
  const tasks = taskLines(state, session.live).map((task) => indented(piece(safe(task))));
  const middle = [title, ...needs.flatMap((need) => fully(need, columns)), ...doing, ...tasks];
  const versions = [least, middle, [...middle, ...planInALine(plan)], [...middle, ...wholePlan(plan)]];
  return { folder, kind, versions };
}

/** How much of a plan is done, and what it is at; null without a plan. */
export function planProgress(plan: Live["plan"]): { readonly done: string; readonly step: string } | null {
  if (plan.length === 0) return null;
  const done = plan.filter(({ status }) => markOf(status) === "x").length;
  const step = plan.find(({ status }) => markOf(status) === ">") ?? plan.find(({ status }) => markOf(status) === " ");
  return { done: `${done}/${plan.length}`, step: step?.step ?? "" };
}

function kindOf({ state }: Inspected, needs: readonly Need[]): Kind {
  if (needs.length > 0) return "attention";
  if (state.status === "running") return "running";
  return state.status === "queued" || state.status === "starting" ? "queued" : "idle";
}

/** `sinceMs`: for how long it has been like this. */
function workerNeeds({ state, worker }: Inspected, id: string, sinceMs: number): readonly Need[] {
  if (worker === "silent")
    return [{ what: [piece("its worker does not answer", "red")], options: [], commands: [`codex_broker stop ${id}`] }];
  if (worker === "alive" || isSettled(state) || sinceMs < LAUNCH_LIMIT_MS) return [];
  return [{ what: [piece("no worker does its work", "red")], options: [], commands: [`codex_broker resume ${id}`] }];
}

const MARKS: Readonly<Record<Kind, readonly [string, TextStyle]>> = {
  attention: ["! ", "yellow"],
  running: ["> ", "green"],
  queued: ["- ", "plain"],
  idle: ["  ", "dim"],
};

/** The word for the phase; a running command has a line of its own. */
function titleOf({ state, live }: Inspected, kind: Kind, age: string): Line {
  const [mark, look] = MARKS[kind];
  const phase =
    live === null || live.phase === "idle"
      ? ""
      : `  ${live.running_command === null ? safe(live.phase) : "running a command"}`;
  const name = state.name === null ? [] : [piece(`@${safe(state.name)}`, "bold"), piece(" ")];
  const beside = [
    `  ${age}`,
    live?.tokens == null ? "" : `  ${live.tokens} tokens`,
    waiting(state) === 0 ? "" : `  ${waiting(state)} in the queue`,
  ];
  return [
    piece(mark, look),
    ...name,
    piece(shortOwn(basename(state.session_dir)), state.name === null ? "bold" : "dim"),
    piece(`  ${kind === "idle" && state.status === "waiting_input" ? "done" : safe(state.status)}`, look),
    piece(phase),
    piece(beside.join(""), "dim"),
  ];
}

/** The message that runs lies in the queue too, until its run is over. */
export function waiting({ pending_count, run_id }: Inspected["state"]): number {
  return Math.max(0, pending_count - (run_id === null ? 0 : 1));
}

function ageOf({ state, live }: Inspected, at: number, now: number): string {
  const seconds =
    live?.last_event_age == null
      ? (now - Date.parse(state.updated_at)) / 1000
      : live.last_event_age + (now - at) / 1000;
  return shortAge(seconds * 1000);
}

/** The command that runs, or the last one that ran. */
function doingOf({ live }: Inspected): readonly Line[] {
  if (live === null) return [];
  const { running_command: running, last_command: last } = live;
  if (running !== null) return [indented(piece("running: ", "dim"), piece(safe(running)))];
  return last === null ? [] : [indented(piece("last: ", "dim"), piece(safe(last), "dim"))];
}

function briefly({ what, options, commands }: Need, columns: number): readonly Line[] {
  const choices = choicesText(options.map((option) => option.split(": ", 1)[0] ?? ""));
  return [indented(...what, piece(choices)), ...commands.slice(0, 1).flatMap((command) => typed(command, columns))];
}

function fully({ what, options, commands }: Need, columns: number): readonly Line[] {
  return [
    indented(...what),
    ...options.map((option, index) => indented(piece(`  ${index + 1}. ${option}`))),
    ...commands.flatMap((command) => typed(command, columns)),
  ];
}

/** A command is never cut: what does not fit goes on in the next line, as a shell takes it. */
function typed(command: string, columns: number): readonly Line[] {
  const room = columns - INDENT - 4;
  const lines: string[] = [];
  for (const word of command.split(" ")) {
    const line = lines.pop();
    if (line === undefined) lines.push(word);
    else if (line.length + word.length + 1 > room) lines.push(line, word);
    else lines.push(`${line} ${word}`);
  }
  return lines.map((line, at) =>
    indented(piece(at === 0 ? "$ " : "  ", "dim"), piece(at === lines.length - 1 ? line : `${line} \\`, "bold")),
  );
}

const INDENT = 4;

function planInALine(plan: Live["plan"]): readonly Line[] {
  const progress = planProgress(plan);
  return progress === null ? [] : [indented(piece(`plan ${progress.done}: `, "dim"), piece(safe(progress.step)))];
}

function wholePlan(plan: Live["plan"]): readonly Line[] {
  return plan.map(({ step, status }) => {
    const mark = markOf(status);
    const look = mark === "x" ? "dim" : mark === ">" ? "bold" : "plain";
    return indented(piece(`[${mark}] ${safe(step)}`, look));
  });
}

/** Codex's words are pending, inProgress and completed, in one spelling or another. */
function markOf(status: string): string {
  return /^complete/i.test(status) ? "x" : /progress/i.test(status) ? ">" : " ";
}

function indented(...pieces: readonly ReturnType<typeof piece>[]): Line {
  return [piece(" ".repeat(INDENT)), ...pieces];
}
