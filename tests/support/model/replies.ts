/** What the scripted model answers to one request: output items, then an ending. */
export interface Reply {
  readonly items: readonly OutputItem[];
  readonly ending: Ending;
}

export type OutputItem =
  | {
      readonly type: "message";
      readonly text: string;
      readonly chunks: number;
      readonly pauseMs: number;
      readonly phase: Phase | null;
    }
  | ({ readonly type: "call" } & Call);

/** What a message is meant as, where a provider says so. */
type Phase = "commentary" | "final_answer";

export interface Call {
  readonly name: string;
  readonly args: unknown;
  /** Where Codex keeps a server's tools together: `mcp__` and the server's name. */
  readonly namespace?: string;
}

type Ending =
  | { readonly type: "completed"; readonly usage: Usage }
  | { readonly type: "failed"; readonly code: string; readonly message: string }
  | { readonly type: "http"; readonly status: number; readonly body: unknown; readonly headers: Record<string, string> }
  /** The connection is destroyed before `response.completed`. */
  | { readonly type: "cut" }
  /** Nothing more is sent; the connection stays open until Codex or the test closes it. */
  | { readonly type: "silence" };

interface Usage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

const USAGE: Usage = { input: 100, cached: 20, output: 10, reasoning: 4 };

/** A final message. `chunks` deltas carry it (0: none, as some providers do), `pauseMs` apart. */
export function say(text: string, options: Saying = {}): Reply {
  const { chunks = 1, pauseMs = 0, usage = {}, phase = null } = options;
  return { items: [{ type: "message", text, chunks, pauseMs, phase }], ending: completed(usage) };
}

interface Saying {
  readonly chunks?: number;
  readonly pauseMs?: number;
  readonly usage?: Partial<Usage>;
  readonly phase?: Phase;
}

/** One or more shell commands, each run by Codex for real in its sandbox. */
export function run(...commands: readonly string[]): Reply {
  return calls(...commands.map((cmd) => ({ name: "exec_command", args: { cmd } })));
}

/** A command for which the model asks to leave the sandbox. */
export function escalate(cmd: string, justification: string): Reply {
  return calls({ name: "exec_command", args: { cmd, sandbox_permissions: "require_escalated", justification } });
}

export interface Question {
  readonly id: string;
  readonly header: string;
  readonly question: string;
  readonly options: readonly { readonly label: string; readonly description: string }[];
}

/** A native question to the user. */
export function ask(...questions: readonly Question[]): Reply {
  return calls({ name: "request_user_input", args: { questions } });
}

/** Any function calls. */
export function calls(...list: readonly Call[]): Reply {
  return { items: list.map((call) => ({ type: "call", ...call })), ending: completed({}) };
}

/** A turn that completes without a word. */
export function nothing(): Reply {
  return { items: [], ending: completed({}) };
}

/** An HTTP error instead of a stream. */
export function http(
  status: number,
  body: unknown = { error: { message: `scripted ${status}` } },
  headers = {},
): Reply {
  return { items: [], ending: { type: "http", status, body, headers } };
}

/** A stream that opens and then reports `response.failed`. */
export function fail(code: string, message = `scripted ${code}`): Reply {
  return { items: [], ending: { type: "failed", code, message } };
}

/** The connection breaks, after `before` was sent. */
export function cut(before: Reply = nothing()): Reply {
  return { items: before.items, ending: { type: "cut" } };
}

/** The stream opens, sends `before`, and stays silent. */
export function silence(before: Reply = nothing()): Reply {
  return { items: before.items, ending: { type: "silence" } };
}

/** Several replies' items in one response, with the ending of the last. */
export function together(...replies: readonly Reply[]): Reply {
  const ending = replies.at(-1)?.ending ?? completed({});
  return { items: replies.flatMap((reply) => reply.items), ending };
}

function completed(usage: Partial<Usage>): Ending {
  return { type: "completed", usage: { ...USAGE, ...usage } };
}
