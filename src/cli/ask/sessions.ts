import { realpath } from "node:fs/promises";
import { isHeld } from "../../ask/model/thread-hold.ts";
import { listThreadRecords, type ThreadRecord } from "../../ask/model/thread-record.ts";
import { UsageError } from "../../errors.ts";
import { escapeValue } from "../../text/defuse.ts";

export interface SessionsOutput {
  readonly stdout: string;
  readonly stderr: string;
}

/** `ask_codex sessions`: the sessions of this workspace, newest first; `--all` takes those of every workspace. */
export async function listSessions(argv: readonly string[], cwd: string, state: string): Promise<SessionsOutput> {
  const unknown = argv.find((word) => !["--all", "--json", "-h", "--help"].includes(word));
  if (unknown !== undefined)
    throw new UsageError(`Unexpected argument: ${unknown} (ask_codex sessions takes --all and --json)`);
  if (argv.includes("-h") || argv.includes("--help")) return { stdout: HELP, stderr: "" };
  const { records, unreadable } = await listThreadRecords(state);
  const here = await realpath(cwd);
  const chosen = argv.includes("--all") ? records : records.filter(({ workspace }) => workspace === here);
  const listed = await Promise.all(
    chosen.map(async (record) => ({ ...record, last_status: await statusNow(record, state) })),
  );
  const stderr = unreadable.map((path) => `[WARNING] cannot be read, and is kept: ${path}\n`).join("");
  const none =
    listed.length === 0 && records.length > 0 ? "[codex] No session of this workspace; --all lists the others.\n" : "";
  if (argv.includes("--json")) return { stdout: `${JSON.stringify(listed.map(toJson))}\n`, stderr };
  return { stdout: listed.map(toLine).join(""), stderr: stderr + none };
}

/** Whether a run lives is asked, never read: one that was killed has left `running` behind. */
async function statusNow({ thread_id, last_status }: ThreadRecord, state: string): Promise<string> {
  if (last_status !== "running" || (await isHeld(state, thread_id))) return last_status;
  return "interrupted";
}

const HELP = `Usage: ask_codex sessions [--all] [--json]

The sessions of this workspace, newest first: id, name, status, last use, workspace, first line of the task.
--all lists those of every workspace.
`;

function toLine({ thread_id, name, last_status, updated_at, title, workspace }: ThreadRecord): string {
  const fields = [thread_id, name === null ? "-" : `@${name}`, last_status, updated_at, escapeValue(workspace), title];
  return `${fields.join("\t")}\n`;
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
