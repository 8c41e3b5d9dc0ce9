import type { PlanTarget } from "../../ask/model/plan.ts";
import { isThreadId, listThreadRecords, readThreadRecord, type ThreadRecord } from "../../ask/model/thread-record.ts";
import { AskCodexError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import { shellQuoted } from "../../text/quote.ts";
import { type InTree, sameTreeAs } from "../../workspace/git/same-tree.ts";

interface Asked {
  readonly session: string;
  readonly fork: boolean;
  /** A word of its own can only be one of ours, however short its beginning; what a flag names Codex may know. */
  readonly as?: "flag" | "word";
}

/**
 * Which session `--session`, or a word, means: an id, the beginning of one, or `@name`, the newest of that name in this work tree.
 * @throws AskCodexError `session_unknown`
 */
export async function findTarget(
  { session, fork, as = "flag" }: Asked,
  workspace: string,
  state: string,
): Promise<PlanTarget> {
  const type = fork ? "fork" : "resume";
  if (session.startsWith("@")) {
    const record = await namedRecord({ name: session, as }, workspace, state);
    return { type, threadId: record.thread_id, record };
  }
  // It becomes a file name: nothing but what Codex's ids are made of.
  if (!isThreadId(session)) throw unknown(`${as === "flag" ? "--session " : ""}${session} is not a session id`);
  const record =
    (await readThreadRecord(state, session)) ??
    (await recordBeginning(session, as === "flag" ? LEAST_BEGINNING : 1, state));
  return { type, threadId: record?.thread_id ?? session, record };
}

/** The newest session of that name in the work tree around the workspace. `@name`: as it was given. */
async function namedRecord(
  { name, as }: { readonly name: string; readonly as: "flag" | "word" },
  workspace: string,
  state: string,
): Promise<ThreadRecord> {
  const { records } = await listThreadRecords(state);
  const named = records.filter((known) => `@${known.name}` === name);
  const inTree = sameTreeAs(workspace);
  for (const record of named) if (await inTree(record.workspace)) return record;
  // In another work tree, if there is one.
  const elsewhere = records.find((known) => `@${known.name}` === name)?.workspace;
  const hint =
    elsewhere === undefined
      ? await nearestNames(name, records, inTree)
      : `There is one in another: ${as === "flag" ? "-w " : ""}${shellQuoted(elsewhere)}`;
  throw unknown(`${as === "flag" ? "--session " : ""}${name}: no session of this work tree has that name`, hint);
}

/** Which names there are here, the likeliest first. */
async function nearestNames(
  name: string,
  records: readonly ThreadRecord[],
  inTree: InTree,
): Promise<string | undefined> {
  const names = new Set<string>();
  for (const known of records) if (known.name !== null && (await inTree(known.workspace))) names.add(known.name);
  if (names.size === 0) return undefined;
  const likely = new Set([...nearest(name.slice(1), [...names]), ...names]);
  return `The nearest names: ${[...likely]
    .slice(0, MOST_NAMES)
    .map((known) => `@${known}`)
    .join(", ")}.`;
}

const MOST_NAMES = 3;

// A shorter beginning says too little to be meant as one.
const LEAST_BEGINNING = 6;

/** The one session whose id begins so; null: none of ours, so that Codex may know it. */
async function recordBeginning(beginning: string, least: number, state: string): Promise<ThreadRecord | null> {
  if (beginning.length < least) return null;
  const { records } = await listThreadRecords(state);
  const found = records.filter(({ thread_id }) => thread_id.startsWith(beginning));
  if (found.length < 2) return found[0] ?? null;
  const ids = found.slice(0, MOST_NAMES).map(({ thread_id }) => thread_id);
  throw unknown(`Several sessions begin with ${beginning}: ${ids.join(", ")}`, "Give more of the id.");
}

function unknown(message: string, hint?: string): AskCodexError {
  return new AskCodexError("session_unknown", message, hint === undefined ? {} : { hint });
}
