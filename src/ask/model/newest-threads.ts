import { lstatSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod/mini";
import { parseJsonLine } from "../../files/json-line.ts";
import { type Entry, remember } from "../../files/kept/remembered.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { readRecord, recordFiles, type ThreadRecord, threadsFolder } from "./thread-record.ts";

/** Which sessions are wanted, and how many of them at most. */
export interface Wanted {
  readonly wanted: (workspace: string) => boolean | Promise<boolean>;
  readonly most: number;
}

/**
 * The newest sessions of the wanted workspaces. `older`: how many records there are that were not looked at; `there`: how many there
 * are at all; `unreadable` names those among the others that are damaged. Of thousands only those that are wanted are opened.
 */
export async function newestThreads(state: string, { wanted, most }: Wanted) {
  const files = (await recordFiles(state)).flatMap((path) => asFile(path) ?? []);
  files.sort((a, b) => b.written - a.written);
  const workspaces = remember(join(threadsFolder(state), ".places.log"), (name) =>
    workspaceIn(join(threadsFolder(state), name)),
  );
  const records: ThreadRecord[] = [];
  const unreadable: string[] = [];
  let older = files.length;
  for (const { path, entry } of files) {
    if (records.length === most) break;
    older--;
    const workspace = workspaces.of(entry);
    if (workspace !== null && !(await wanted(workspace))) continue;
    const file = await readRecord(path);
    if (file.type === "valid") records.push(file.value);
    if (file.type === "corrupt") unreadable.push(path);
  }
  await workspaces.save(files.length);
  const newestFirst = records.sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  return { records: newestFirst, unreadable, older, there: files.length };
}

interface RecordFile {
  readonly path: string;
  readonly entry: Entry;
  /** Ms since the epoch: a record is written whole, when something has come of its session. */
  readonly written: number;
}

/** Null: it is gone by now. */
function asFile(path: string): RecordFile | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return null;
  const { ino, mtimeMs, size } = found;
  return { path, entry: { name: basename(path), stamp: `${ino} ${mtimeMs} ${size}` }, written: mtimeMs };
}

const placed = z.object({ workspace: z.string() });

function workspaceIn(path: string): string | null {
  return parseJsonLine(readPlainOr(path, ""), placed)?.workspace ?? null;
}
