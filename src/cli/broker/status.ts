import { basename } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { type Inspected, inspectSession } from "../../broker/command/inspect-session.ts";
import type { Live } from "../../broker/socket/protocol.ts";
import { startedIn } from "../../broker/store/find-session.ts";
import { foldersIn, isSession } from "../../broker/store/session-paths.ts";
import { AskCodexError, messageOf } from "../../errors.ts";
import { escapeValue } from "../../text/defuse.ts";
import { sameTreeAs } from "../../workspace/git/same-tree.ts";
import { here, isNamed, sessionFrom } from "../command/session-place.ts";
import { rootFolder } from "../edge/folders.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";
import { personsForm } from "../output/persons-form.ts";
import { MOST_LISTED, moreText, noneText, progressText, sessionLine, sessionText } from "../output/session-text.ts";

/** `codex_broker status`: one session, or every one of this work tree. */
export async function status(id: string | undefined, { json }: { readonly json: boolean }): Promise<number> {
  if (id === undefined) {
    const { sessions, damaged } = await sessionsHere({ all: false, json });
    const text = async () => (await listText(sessions, false)) ?? sessions.map((now) => sessionText(now)).join("\n");
    writeOut(json ? `${JSON.stringify(sessions.map(toJson))}\n` : await text());
    return damaged.length > 0 ? 1 : 0;
  }
  const now = await inspected(await sessionFrom("status", id));
  if (json) writeOut(`${JSON.stringify({ ...toJson(now), ...excerpt(now) }, null, 2)}\n`);
  else writeOut(await textOf(now));
  return 0;
}

/** `codex_broker summary`: the original's lines, and the opening of the report. */
export async function summary(id: string | undefined): Promise<number> {
  const { state } = await inspected(await sessionFrom("summary", id));
  const keys = ["broker_id", "status", "session_id", "last_run_status"] as const;
  const lines = keys.map((key) => `${key}=${escapeValue(String(state[key] ?? ""))}\n`);
  writeOut(`${lines.join("")}\n${state.latest_summary}\n`);
  return 0;
}

/** `codex_broker list`: a line for each session. */
export async function list({ all, json }: { readonly all: boolean; readonly json: boolean }): Promise<number> {
  const { sessions, damaged } = await sessionsHere({ all, json });
  writeOut(
    json
      ? `${JSON.stringify(sessions.map(toJson))}\n`
      : ((await listText(sessions, all)) ?? sessions.map(sessionLine).join("")),
  );
  return damaged.length > 0 ? 1 : 0;
}

/** Null: no person reads it. */
async function listText(sessions: readonly Inspected[], all: boolean): Promise<string | null> {
  const form = personsForm();
  if (form === null || sessions.length === 0) return null;
  return (await import("./for-eyes.ts")).listForEyes(sessions, all, form);
}

async function textOf(now: Inspected): Promise<string> {
  const form = personsForm();
  if (form === null) return sessionText(now) + progressText(now.state);
  return (await import("./for-eyes.ts")).sessionForEyes(now, "", { ...form, named: await isNamed(now.state) });
}

/** A session as it is; a worker that was found dead is reported. */
export async function inspected(folder: string): Promise<Inspected> {
  const now = await inspectSession(folder);
  if (now.recovered) tellRecovered(folder);
  if (now.worker === "silent")
    writeErr(`[WARNING] The worker of session ${basename(folder)} does not answer; codex_broker stop ends it.\n`);
  return now;
}

/** Printed once: the next look finds the record in order. */
export function tellRecovered(folder: string): void {
  writeErr(
    `[codex] The worker of session ${basename(folder)} had died; what it was doing is noted as interrupted. Go on with codex_broker resume or send.\n`,
  );
}

/** The newest sessions; that there is none, or how many older ones there are, is said on stderr. */
async function sessionsHere({ all, json }: { readonly all: boolean; readonly json: boolean }) {
  const inTree = sameTreeAs(await here());
  const damaged: string[] = [];
  const root = rootFolder();
  const look = async (folder: string) => {
    try {
      return [await inspected(folder)];
    } catch (error) {
      // One damaged session must not hide the others.
      damaged.push(folder);
      const hint = error instanceof AskCodexError ? ` — ${error.hint}` : "";
      writeErr(`[WARNING] ${basename(folder)}: ${messageOf(error)}${hint}\n`);
      return [];
    }
  };
  const { chosen, more } = await newest(root, async (place) => all || place === null || inTree(place));
  const read = await inBatches(chosen, look);
  const sessions: Inspected[] = [];
  for (const one of read.flat()) if (all || (await inTree(one.state.started_in))) sessions.push(one);
  if (more > 0) writeErr(moreText(more, all));
  const list = !all && foldersIn(root).some(isSession) ? "codex_broker list --all" : null;
  if (sessions.length === 0 && damaged.length === 0 && !json) writeErr(noneText({ list, start: "codex_broker start" }));
  return { sessions, damaged };
}

/** The newest sessions that were started in a wanted place, or whose place cannot be read; and how many folders are older. */
async function newest(root: string, wanted: (place: string | null) => Promise<boolean>) {
  const folders = foldersIn(root);
  const places = startedIn(root);
  const chosen: string[] = [];
  let last = -1;
  for (const [index, folder] of folders.entries()) {
    if (chosen.length === MOST_LISTED) break;
    last = index;
    if ((await wanted(places.of(folder))) && isSession(folder)) chosen.push(folder);
  }
  await places.save(folders.length);
  return { chosen, more: folders.length - last - 1 };
}

function toJson({ state, worker, live }: Inspected) {
  return { ...state, worker, ...(live ?? NOT_LIVE), recent_progress: state.latest_progress };
}

/** The same keys whether a worker lives or not. */
const NOT_LIVE: Live = {
  phase: "none",
  last_event: null,
  last_event_age: null,
  running_command: null,
  last_command: null,
  tokens: null,
  plan: [],
  delegations: [],
};

function excerpt({ state }: Inspected): { readonly latest_output_excerpt: string } {
  return { latest_output_excerpt: state.latest_summary.split("\n").slice(0, 20).join("\n") };
}
