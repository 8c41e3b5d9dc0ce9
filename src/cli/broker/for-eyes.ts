import type { Inspected } from "../../broker/command/inspect-session.ts";
import { shortOwn } from "../../files/state-paths.ts";
import { defuse } from "../../text/defuse.ts";
import { ago } from "../../text/words.ts";
import { columnsText, shortened } from "../output/columns.ts";
import { lightMarkdown } from "../output/light-markdown.ts";
import type { PersonsForm } from "../output/persons-form.ts";
import { markOf } from "../output/short-ids.ts";
import { piece, safe, toText } from "../output/styled-text.ts";
import { blockOf } from "../watch/block.ts";

/** Sessions in aligned columns, for a terminal. */
export function listForEyes(sessions: readonly Inspected[], all: boolean, form: PersonsForm): string {
  const rows = sessions.map(({ state, live }) => {
    const { broker_id, name, pending_count, updated_at, started_in } = state;
    const [mark, look] = markOf(state.status === "waiting_input" ? state.last_run_status : state.status);
    const doing = live?.running_command ?? (live === null || live.phase === "idle" ? "" : live.phase);
    return [
      piece(mark, look),
      piece(shortOwn(broker_id), "bold"),
      piece(name === null ? "" : safe(`@${name}`)),
      piece(wordFor(state), look),
      piece(pending_count === 0 ? "" : String(pending_count)),
      piece(ago(Date.now() - Date.parse(updated_at)), "dim"),
      ...(all ? [piece(safe(started_in), "dim")] : []),
      piece(safe(doing)),
    ];
  });
  const heads = ["", "SESSION", "NAME", "STATUS", "QUEUE", "LAST USE", ...(all ? ["WORKSPACE"] : []), "DOING"];
  return columnsText(heads, rows, { ...form, narrow: NARROW });
}

// The second of its start is mostly enough of an id; without the mark of what is cut it can still be typed.
const NARROW = {
  whole: 3,
  give: [
    { at: 1, to: (id: string) => id.replace(/^(\d{8}-\d{6})-\d{3}$/, "$1") },
    { at: 2, to: shortened },
  ],
};

/** One session: its answer where there is one, how it is, and what can be typed next; `named`: its name is enough for a command. */
export function sessionForEyes(
  now: Inspected,
  answer: string,
  { columns, paint, named }: PersonsForm & { readonly named: boolean },
): string {
  const { state } = now;
  const words = answer === "" ? "" : `${lightMarkdown(defuse(answer), paint)}\n\n`;
  const width = columns ?? WIDE;
  const watched = { folder: state.session_dir, at: Date.now(), type: "seen", now } as const;
  const block = blockOf(watched, Date.now(), { places: false, named, columns: width }).versions.at(-1) ?? [];
  const own = shortOwn(state.broker_id);
  const ways = [
    ...(state.last_output_path === null ? [] : [["report", `ask_codex report ${own}`]]),
    ["go on", `codex_broker send ${named && state.name !== null ? `@${safe(state.name)}` : own} "…"`],
    ...(state.session_id === null ? [] : [["in Codex", `codex resume ${state.session_id}`]]),
  ];
  const rows = ways.map(([title = "", command]) => `${paint("dim", title.padEnd(9))}${command}\n`);
  return `${words}${block.map((line) => `${toText(line, width, paint)}\n`).join("")}\n${rows.join("")}`;
}

// A terminal that does not say how wide it is.
const WIDE = 80;

/** A session that has ended its work is not called by the word for one that asks. */
function wordFor({ status, last_run_status, open_requests, questions }: Inspected["state"]): string {
  if (status !== "waiting_input") return safe(status.replaceAll("_", " "));
  if (open_requests.length > 0 || questions.length > 0) return "asks";
  return last_run_status === "completed" ? "done" : safe(last_run_status.replaceAll("_", " "));
}
