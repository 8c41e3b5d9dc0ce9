import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod/mini";
import { listThreadRecords } from "../../ask/model/thread-record.ts";
import { AskCodexError, isErrno } from "../../errors.ts";
import { readJson } from "../../files/json-file.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { runPaths } from "../../files/state-paths.ts";
import { defuse } from "../../text/defuse.ts";
import { sameTreeAs } from "../../workspace/git/same-tree.ts";
import { findTarget } from "../command/find-target.ts";
import { currentFolder, rootFolder, stateFolder } from "../edge/folders.ts";
import { outputForm, writeOut } from "../edge/stdio.ts";
import { lightMarkdown } from "../output/light-markdown.ts";
import { paintFor } from "../output/paint.ts";

/** `ask_codex report`: the report of an earlier run, or with `--path` where it is. */
export async function report(which: string, { path: pathOnly }: { readonly path: boolean }): Promise<number> {
  const [state, sessions] = [stateFolder(), rootFolder()];
  const folder = await runFolder(which, state, sessions);
  const place = await placeOf(folder);
  const text = readPlainOr(place, null);
  if (text === null) throw noReport(folder, place);
  const { terminal, colours } = outputForm();
  if (pathOnly) writeOut(`${place}\n`);
  else writeOut(terminal ? lightMarkdown(defuse(text), paintFor(colours)) : text);
  return 0;
}

/** A run writes its result after its report: without one it runs, or was killed. */
function noReport(folder: string, place: string): AskCodexError {
  const journal = join(folder, "events.jsonl");
  const ended = existsSync(join(folder, "result.json")) || !existsSync(journal);
  if (ended) return new AskCodexError("session_unknown", `The report is gone: ${place}`, { hint: OTHERS });
  const why = "It has no report: it is at work, or was killed before it wrote one";
  return new AskCodexError("session_unknown", `${why}. Its events: ${journal}`, { hint: OTHERS });
}

const OTHERS = "ask_codex sessions lists what there is.";

/** A run's folder: of a run by its id or the beginning of it, of the last run of a session, or of the last run of this work tree. */
async function runFolder(which: string, state: string, sessions: string): Promise<string> {
  if (/^\d{8}-/.test(which)) return byOwnId(which, state, sessions);
  const runId = which === "last" ? await lastRun(state) : await lastRunOf(which, state);
  const folder = [runPaths(state, runId).folder, ...foldersIn(sessions).map((session) => join(session, "runs", runId))];
  return folder.find((one) => namesIn(one).length > 0) ?? runPaths(state, runId).folder;
}

async function lastRun(state: string): Promise<string> {
  const { records } = await listThreadRecords(state);
  const inTree = sameTreeAs(realpathSync(currentFolder()));
  for (const { workspace, last_run_id } of records) if (await inTree(workspace)) return last_run_id;
  throw new AskCodexError("session_unknown", "This work tree has no run yet", {
    hint: `${OTHERS} --all has all of them.`,
  });
}

async function lastRunOf(session: string, state: string): Promise<string> {
  const target = await findTarget({ session, fork: false, as: "word" }, realpathSync(currentFolder()), state);
  if (target.type !== "new" && target.record !== null) return target.record.last_run_id;
  throw new AskCodexError("session_unknown", `There is no report of ${session}`, { hint: OTHERS });
}

/** A run, of ask_codex or of a session; or a session of codex_broker, whose last run it then is. */
function byOwnId(id: string, state: string, sessions: string): string {
  const begins = (folder: string) => namesIn(folder).filter((name) => name.startsWith(id));
  const runs = [join(state, "runs"), ...foldersIn(sessions).map((session) => join(session, "runs"))].flatMap((folder) =>
    begins(folder).map((name) => join(folder, name)),
  );
  const ofSession = begins(sessions).flatMap((name) => {
    const folder = join(sessions, name, "runs");
    return namesIn(folder)
      .sort()
      .slice(-1)
      .map((last) => join(folder, last));
  });
  const [found, another] = [...runs, ...ofSession];
  if (found !== undefined && another === undefined) return found;
  const named = [...runs, ...ofSession].map((folder) => basename(folder)).slice(0, MOST_NAMED);
  const what = found === undefined ? `There is no run ${id}` : `Several runs begin with ${id}: ${named.join(", ")}`;
  throw new AskCodexError("session_unknown", what, { hint: found === undefined ? OTHERS : "Give more of the id." });
}

// A few show what more of the id is needed.
const MOST_NAMED = 3;

const result = z.object({ output_path: z.nullable(z.string()) });

/** Where the run put its report: it may have been asked to put it elsewhere. */
async function placeOf(folder: string): Promise<string> {
  const file = await readJson(join(folder, "result.json"), result).catch(() => null);
  return (file?.type === "valid" ? file.value.output_path : null) ?? join(folder, "report.md");
}

function foldersIn(folder: string): readonly string[] {
  return namesIn(folder).map((name) => join(folder, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
