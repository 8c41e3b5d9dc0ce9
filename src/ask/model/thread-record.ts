import { readdir } from "node:fs/promises";
import { join, sep } from "node:path";
import * as z from "zod/mini";
import { inBatches } from "../../bounds/in-batches.ts";
import { SANDBOX_MODES, type TurnSettings } from "../../codex/settings.ts";
import { AskCodexError, isErrno, messageOf, UsageError } from "../../errors.ts";
import { type JsonFile, readJson } from "../../files/json-file.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";

/** What we know of a thread: Codex makes a turn's settings stick, so the thread's own are kept here. */
export interface ThreadRecord {
  readonly schema_version: 1;
  readonly thread_id: string;
  readonly name: string | null;
  /** The workspace the session was started in; names are looked up by it. */
  readonly workspace: string;
  /** The first turn's settings, defaults resolved. A later flag overrides them for its own turn only. */
  readonly settings: TurnSettings;
  /** The effort of the last turn, which Codex would go on with. */
  readonly last_effort: string | null;
  /** The questions that ended the last turn, if any did. */
  readonly open_questions: readonly string[];
  /** The first line of the first task, for listings. */
  readonly title: string;
  readonly last_status: string;
  readonly last_run_id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** `usual-record.ts` checks the same without zod. */
export const threadRecord: z.ZodMiniType<ThreadRecord> = z.object({
  schema_version: z.literal(1),
  thread_id: z.string(),
  name: z.nullable(z.string()),
  workspace: z.string(),
  settings: z.object({
    cwd: z.string(),
    sandbox: z.object({ mode: z.enum(SANDBOX_MODES), network: z.boolean(), writableRoots: z.array(z.string()) }),
    approvals: z.enum(["never", "on-request"]),
    model: z.string(),
    effort: z.nullable(z.string()),
  }),
  last_effort: z.nullable(z.string()),
  open_questions: z.array(z.string()),
  title: z.string(),
  last_status: z.string(),
  last_run_id: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});

/** The record of a thread; null when it is not one of ours. A record that cannot be read is named and kept. */
export async function readThreadRecord(state: string, threadId: string): Promise<ThreadRecord | null> {
  const path = recordPath(state, threadId);
  const file = await readRecord(path);
  switch (file.type) {
    case "absent":
      return null;
    case "valid":
      return file.value;
    case "corrupt":
      throw new AskCodexError("internal", `the session's record cannot be read (${file.reason}): ${path}`, {
        hint: "Move the file away to go on with what Codex itself has recorded of the session.",
      });
  }
}

export async function writeThreadRecord(state: string, record: ThreadRecord): Promise<void> {
  await makePrivateFolder(threadsFolder(state));
  await writeWhole(recordPath(state, record.thread_id), `${JSON.stringify(record, null, 2)}\n`);
}

/** Every session, newest first; `unreadable` names the files that are damaged. */
export async function listThreadRecords(state: string) {
  const paths = await recordFiles(state);
  const files = await inBatches(paths, async (path) => ({ path, file: await readRecord(path) }));
  const records = files.flatMap(({ file }) => (file.type === "valid" ? [file.value] : []));
  return {
    records: records.sort((a, b) => b.updated_at.localeCompare(a.updated_at)),
    unreadable: files.flatMap(({ path, file }) => (file.type === "corrupt" ? [path] : [])),
  };
}

/** What one of `recordFiles` holds. */
export function readRecord(path: string): Promise<JsonFile<ThreadRecord>> {
  return readJson(path, threadRecord);
}

export function threadsFolder(state: string): string {
  return join(state, "threads");
}

/** Nothing but what Codex's ids are made of: it becomes the name of a file. */
export function isThreadId(id: string): boolean {
  return /^[A-Za-z0-9-]{1,64}$/.test(id);
}

/** @throws AskCodexError for a malformed id from the app-server */
export function requireThreadId(id: string): string {
  if (isThreadId(id)) return id;
  throw new AskCodexError("protocol", `Codex named a thread that cannot be one: ${JSON.stringify(id.slice(0, 100))}`);
}

export function recordPath(state: string, threadId: string): string {
  return join(threadsFolder(state), `${requireThreadId(threadId)}.json`);
}

/** The records that there are, in no order. */
export async function recordFiles(state: string): Promise<readonly string[]> {
  const folder = threadsFolder(state);
  try {
    return (await readdir(folder)).filter((name) => name.endsWith(".json")).map((name) => `${folder}${sep}${name}`);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    const hint = "Set ASK_CODEX_HOME to a folder that can be read and written.";
    throw new UsageError(`The state folder cannot be read: ${folder} (${messageOf(error)}).`, hint);
  }
}
