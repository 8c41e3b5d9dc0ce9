import { isSettled } from "../../broker/store/settled.ts";
import type { StateFile } from "../../broker/store/state-file.ts";
import { shellQuoted } from "../../text/quote.ts";
import { type Line, piece, safe } from "../output/styled-text.ts";

/** Something that a session waits for someone to do. */
export interface Need {
  readonly what: Line;
  readonly options: readonly string[];
  /** What to type. */
  readonly commands: readonly string[];
}

/** What a session wants of its user; nothing while it gets on by itself. `id`: what commands know it by. */
export function needsOf(state: StateFile, id: string): readonly Need[] {
  if (state.open_requests.length > 0) return state.open_requests.flatMap((request) => asked(request, state, id));
  if (!isSettled(state)) return [];
  if (state.questions.length > 0)
    return state.questions.map((text) => ({
      what: [piece("asks: ", "yellow"), piece(safe(text))],
      options: [],
      commands: [`codex_broker answer ${id} "<text>"`],
    }));
  if (state.status !== "attention_required") return [];
  const ended = [state.last_run_status, state.error_kind ?? []].flat().map(safe).join(", ");
  const held = state.queue_held && state.pending_count > 0;
  return [
    {
      what: [piece(`the last run: ${ended}`, "red")],
      options: [],
      commands: [
        FIRST_AID[state.error_kind ?? ""] ?? `codex_broker summary ${id}`,
        held ? `codex_broker resume ${id}` : `codex_broker send ${id} "<text>"`,
      ],
    },
  ];
}

/** What helps before anything else does. */
const FIRST_AID: Readonly<Record<string, string>> = {
  auth: "codex login",
  codex_missing: "npm install -g @openai/codex",
  codex_incompatible: "npm install -g @openai/codex@latest",
  config: "codex doctor",
};

function asked(request: StateFile["open_requests"][number], state: StateFile, id: string): readonly Need[] {
  if (request.type === "approval") {
    const reason = request.reason === "" ? [] : [piece(` (${safe(request.reason)})`, "dim")];
    return [
      {
        what: [piece("wants to: ", "yellow"), piece(safe(request.what)), ...reason],
        options: [],
        commands: [`codex_broker approve ${id}`, `codex_broker deny ${id} "<why>"`],
      },
    ];
  }
  const open = unanswered(state);
  return request.questions
    .filter(({ id: question }) => !(question in request.answers))
    .map(({ id: question, question: text, options }) => ({
      what: [piece("asks: ", "yellow"), piece(safe(text))],
      options: options.map(({ label, description }) =>
        description === "" ? safe(label) : `${safe(label)}: ${safe(description)}`,
      ),
      commands: [`codex_broker answer ${id} "<text>"${open > 1 ? ` --question ${quoted(question)}` : ""}`],
    }));
}

/** How many questions are open: of several, an answer says which one it means. */
function unanswered({ open_requests }: StateFile): number {
  return open_requests.flatMap(({ questions, answers }) => questions.filter(({ id }) => !(id in answers))).length;
}

/** As a shell takes it. */
function quoted(word: string): string {
  const text = safe(word);
  return /^[\w.:@-]+$/.test(text) ? text : shellQuoted(text);
}
