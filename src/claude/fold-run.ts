import { Grown } from "../bounds/grown.ts";
import { unreachable } from "../errors.ts";
import { oneLine } from "../text/defuse.ts";
import type { ClaudeMessage, ClaudeResult, ToolUse } from "./messages.ts";

/** What a run of Claude Code has come to so far. */
export interface ClaudeRun {
  readonly conversation: string | null;
  readonly model: string | null;
  readonly version: string | null;
  /** What it said last. */
  readonly text: string;
  /** What it is doing right now, by the id of the call. */
  readonly open: ReadonlyMap<string, Deed>;
  /** What it has done to files, or may have. */
  readonly deeds: Grown<Deed>;
  /** An API error after which it tries again; null: there is none now. */
  readonly retrying: { readonly status: number | null; readonly error: string | null } | null;
  /** The last one: with work in the background there are several. */
  readonly result: ClaudeResult | null;
}

/** A call of a tool that may have changed files, from when until when (ms since the epoch). */
export interface Deed {
  /** The file that it names; null: a command, which may change any. */
  readonly file: string | null;
  readonly from: number;
  /** Null: it has not ended. */
  readonly until: number | null;
}

export const NO_RUN: ClaudeRun = {
  ...{ conversation: null, model: null, version: null, text: "", retrying: null, result: null },
  ...{ open: new Map<string, Deed>(), deeds: Grown.of<Deed>() },
};

/** The run after one more line; `now` counts where the line itself has no time. */
export function advance(run: ClaudeRun, message: ClaudeMessage, now: number): ClaudeRun {
  switch (message.type) {
    case "system":
      if (message.subtype === "api_retry")
        return { ...run, retrying: { status: message.error_status ?? null, error: message.error ?? null } };
      return {
        ...run,
        conversation: message.session_id,
        model: message.model ?? null,
        version: message.claude_code_version ?? null,
      };
    case "assistant": {
      const open = new Map(run.open);
      for (const { id, ...call } of callsIn(message)) {
        const deed = deedOf(call);
        if (deed !== undefined) open.set(id, { file: deed, from: timeOf(message.timestamp, now), until: null });
      }
      const text = message.message.content.flatMap((part) => ("text" in part ? [part.text] : [])).join("\n");
      return { ...run, open, retrying: null, text: text === "" ? run.text : text };
    }
    case "user":
      return ended(run, message, now);
    case "result":
      return { ...run, result: message, conversation: message.session_id ?? run.conversation };
    default:
      return unreachable(message);
  }
}

/** What a line begins, in words: `Edit src/auth.ts`; none for most lines. */
export function actionsIn(message: ClaudeMessage): readonly string[] {
  if (message.type === "system" && message.subtype === "api_retry")
    return [`retrying: ${oneLine(message.error ?? `HTTP ${message.error_status ?? "?"}`, 100)}`];
  if (message.type !== "assistant") return [];
  return callsIn(message).flatMap((call) =>
    call.name === "StructuredOutput" ? [] : [oneLine(`${call.name} ${subjectOf(call.input)}`.trimEnd(), 120)],
  );
}

/** The file or the command of a call. */
export function subjectOf(input: ToolUse["input"]): string {
  const named = input["file_path"] ?? input["notebook_path"] ?? input["command"] ?? input["path"] ?? input["pattern"];
  return typeof named === "string" ? named : "";
}

function callsIn(message: Extract<ClaudeMessage, { type: "assistant" }>): readonly ToolUse[] {
  return message.message.content.flatMap((part) => ("id" in part && "input" in part ? [part] : []));
}

/** The file that a call would change; null: any; undefined: none. */
function deedOf({ name, input }: Pick<ToolUse, "name" | "input">): string | null | undefined {
  if (READING.has(name)) return undefined;
  return WRITING.has(name) ? subjectOf(input) : null;
}

const READING: ReadonlySet<string> = new Set([
  "Read",
  "Glob",
  "Grep",
  "StructuredOutput",
  "TodoWrite",
  "WebFetch",
  "WebSearch",
]);
const WRITING: ReadonlySet<string> = new Set(["Edit", "Write", "MultiEdit", "NotebookEdit"]);

function ended(run: ClaudeRun, message: Extract<ClaudeMessage, { type: "user" }>, now: number): ClaudeRun {
  const { content } = message.message;
  if (typeof content === "string") return run;
  const open = new Map(run.open);
  let { deeds } = run;
  for (const part of content) {
    if (!("tool_use_id" in part)) continue;
    const deed = open.get(part.tool_use_id);
    open.delete(part.tool_use_id);
    // An edit that failed or was denied has changed nothing; a command that failed may have.
    const failed = part.is_error === true && deed?.file !== null;
    if (deed !== undefined && !failed) deeds = deeds.with({ ...deed, until: timeOf(message.timestamp, now) });
  }
  return { ...run, open, deeds };
}

function timeOf(timestamp: string | null | undefined, now: number): number {
  const time = Date.parse(timestamp ?? "");
  return Number.isNaN(time) ? now : time;
}
