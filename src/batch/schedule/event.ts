import * as z from "zod/mini";
import { parseJson } from "../../files/json-line.ts";
import { SAFE_ID } from "../../files/state-paths.ts";
import { batchOptions, codexOptions } from "../plan/options.ts";
import { batchTask } from "../plan/task.ts";
import { taskResult } from "./result.ts";

const text = z.string();
// It becomes part of paths.
const id = text.check(z.regex(SAFE_ID));
const nullable = z.nullable(text);
const texts = z.readonly(z.array(text));

/** The events of a batch's journal: everything that its state is made of, in the order it happened. */
const payloads = {
  batch_started: z.object({
    batch_id: id,
    root: text,
    base: text,
    from: text,
    options: batchOptions,
    tasks: z.readonly(z.array(batchTask)),
    codex: codexOptions,
    /** Its tasks go to workers on a queue. */
    queue: z.optional(z.boolean()),
  }),
  /** With another limit of tokens, where one is said; null: none. */
  batch_resumed: z.object({
    max_tokens: z.optional(z.nullable(z.number())),
    /** As many tasks at once, at most, until it is resumed again. */
    at_most: z.optional(z.number()),
  }),
  task_retried: z.object({ id: text }),
  task_started: z.object({ id: text, run_id: id, slot: z.number(), base: text, worktree: nullable }),
  /** Codex has the task: from here on it may have written. */
  task_working: z.object({ id: text, session_id: text }),
  /** It is given to another machine; before anything is made there. */
  task_placed: z.object({ id: text, run_id: text, machine: text }),
  /** What a run has left on its machine, or is unknown, in words; null: nothing. */
  machine_ended: z.object({ run_id: text, left: nullable }),
  task_finished: z.object({ id: text, result: taskResult }),
  /** A rate limit: it waits again, and fewer run at once; or, as many as before, for another machine than one that cannot work. */
  task_requeued: z.object({ id: text, tokens: z.nullable(z.number()), elsewhere: z.optional(z.boolean()) }),
  /** It conflicts with what came before it, and gets a second try on top of that. */
  task_returned: z.object({ id: text, on: text, files: texts }),
  task_left_out: z.object({ id: text, reason: z.enum(["conflict", "culprit"]), files: texts }),
  /** No task begins any more. */
  batch_stopped: z.object({ kind: text, message: text }),
  check_finished: z.object({ commit: text, passed: z.boolean(), flaky: z.boolean(), output: text }),
  /** The next step writes into the user's work tree. */
  landing_started: z.object({ commit: text }),
  batch_landed: z.object({
    how: z.enum(["applied", "branch", "none", "refused"]),
    commit: text,
    branch: nullable,
    reason: nullable,
    what: texts,
  }),
  batch_finished: z.object({
    status: text,
    error_kind: nullable,
    /** What ended it from outside. */
    signal: z.optional(z.nullable(z.enum(["SIGINT", "SIGTERM", "SIGHUP"]))),
  }),
} as const;

type Payloads = { [Type in keyof typeof payloads]: z.infer<(typeof payloads)[Type]> };

export type BatchEventType = keyof Payloads;
export type PayloadOf<Type extends BatchEventType> = Payloads[Type];

export type BatchEvent = {
  [Type in BatchEventType]: { readonly timestamp: string; readonly type: Type; readonly payload: Payloads[Type] };
}[BatchEventType];

const line = z.object({ timestamp: text, type: text, payload: z.unknown() });

/** Reads one line of a batch's journal; null when it is damaged, or of a kind that we do not know. */
export function parseBatchEvent(json: string): BatchEvent | null {
  const found = line.safeParse(parseJson(json));
  if (!found.success || !Object.hasOwn(payloads, found.data.type)) return null;
  const { timestamp, type } = found.data;
  const payload = payloads[type as BatchEventType].safeParse(found.data.payload);
  return payload.success ? ({ timestamp, type, payload: payload.data } as BatchEvent) : null;
}
