import { basename } from "node:path";
import { listThreadRecords } from "../../ask/model/thread-record.ts";
import { namesake } from "../../broker/store/find-session.ts";
import { shortOwn } from "../../files/state-paths.ts";
import { sameTreeAs } from "../../workspace/git/same-tree.ts";
import { rootFolder } from "../edge/folders.ts";
import { writeErr } from "../edge/stdio.ts";
import { shortThread } from "../output/short-ids.ts";

interface Naming {
  readonly name: string;
  /** The name is looked up in the work tree around it. */
  readonly workspace: string;
  readonly state: string;
  /** The thread that gets the name; null: a new one. */
  readonly own: string | null;
}

/** Warns where a session of `ask_codex` gets a name that another one of the work tree has. */
export async function warnOfNamedThread({ name, workspace, state, own }: Naming): Promise<void> {
  const { records } = await listThreadRecords(state);
  const inTree = sameTreeAs(workspace);
  for (const known of records) {
    if (known.name !== name || known.thread_id === own || !(await inTree(known.workspace))) continue;
    return warn(name, shortThread(known.thread_id));
  }
}

/** The same for a new session of `codex_broker`. */
export async function warnOfNamedSession(name: string, workspace: string): Promise<void> {
  const other = await namesake(rootFolder(), name, { inTree: sameTreeAs(workspace), but: "" });
  if (other !== null) warn(name, shortOwn(basename(other)));
}

function warn(name: string, other: string): void {
  writeErr(
    `[WARNING] Session ${other} of this work tree is called ${name} too: @${name} means the newest of that name.\n`,
  );
}
