import { realpath } from "node:fs/promises";
import { newestThreads } from "../../ask/model/newest-threads.ts";
import { isHeld } from "../../ask/model/thread-hold.ts";
import type { ThreadRecord } from "../../ask/model/thread-record.ts";
import { inBatches } from "../../bounds/in-batches.ts";
import { sameTreeAs } from "../../workspace/git/same-tree.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";
import { type PersonsForm, personsForm } from "../output/persons-form.ts";
import { moreText, noneText } from "../output/session-text.ts";
import { MOST_LISTED, sessionLine } from "./session-line.ts";

/** `ask_codex sessions`: the sessions of this git work tree, newest first; `--all` takes those of all others as well. */
export async function sessions(flags: { readonly all: boolean; readonly json: boolean }): Promise<number> {
  const state = stateFolder();
  const form = flags.json ? null : personsForm();
  const { stdout, stderr } = await listSessions({ ...flags, form }, currentFolder(), state);
  writeErr(stderr);
  writeOut(stdout);
  return 0;
}

/** What both streams say of the sessions that were run in the work tree around this folder. */
export async function listSessions(
  { all, json, form = null }: { readonly all: boolean; readonly json: boolean; readonly form?: PersonsForm | null },
  cwd: string,
  state: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const inTree = sameTreeAs(await realpath(cwd));
  const wanted = async (workspace: string) => all || inTree(workspace);
  const { records, unreadable, older, there } = await newestThreads(state, { wanted, most: MOST_LISTED });
  const listed = await inBatches(records, async (record) => ({
    ...record,
    last_status: await statusNow(record, state),
  }));
  const damaged = unreadable.map((path) => `[WARNING] cannot be read, and is kept: ${path}\n`).join("");
  const stderr = damaged + (older === 0 ? "" : moreText(older, all));
  if (json) return { stdout: `${JSON.stringify(listed.map(toJson))}\n`, stderr };
  const list = there > 0 && !all ? "ask_codex sessions --all" : null;
  const none = listed.length > 0 || damaged !== "" ? "" : noneText({ list, start: "ask_codex 'a task'" });
  if (form !== null && listed.length > 0) {
    const { sessionsForEyes } = await import("./for-eyes.ts");
    return { stdout: sessionsForEyes(listed, { ...form, all, now: Date.now() }), stderr };
  }
  return { stdout: listed.map(sessionLine).join(""), stderr: stderr + none };
}

/** Whether a run lives is asked, never read: one that was killed has left `running` behind. */
async function statusNow({ thread_id, last_status }: ThreadRecord, state: string): Promise<string> {
  if (last_status !== "running" || (await isHeld(state, thread_id))) return last_status;
  return "interrupted";
}

function toJson({ thread_id, name, workspace, last_status, title, settings, created_at, updated_at }: ThreadRecord) {
  const { model, effort, sandbox } = settings;
  const times = { created_at, updated_at };
  return {
    session_id: thread_id,
    name,
    workspace,
    status: last_status,
    title,
    model,
    effort,
    sandbox: sandbox.mode,
    ...times,
  };
}
