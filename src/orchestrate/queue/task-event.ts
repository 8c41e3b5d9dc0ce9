import * as z from "zod/mini";

const text = z.string();
const nullable = z.nullable(text);
const texts = z.array(text);
const count = z.number();

const newTask = z.object({ task_id: text, title: text, type: nullable });

/** What the journal of an orchestration has of its tasks. */
export const taskEvents = {
  /** `before`: the task that they stand in front of; null: at the end. */
  tasks_added: z.object({ tasks: z.array(newTask), before: nullable }),
  tasks_reordered: z.object({ order: texts, reason: text }),
  task_dropped: z.object({ task_id: text, reason: text }),
  task_split: z.object({ task_id: text, into: z.array(newTask), reason: text }),
  /** A request that was not carried out: what to change in it went back to Codex. */
  request_refused: z.object({
    task_id: nullable,
    refusals: z.array(z.object({ what: text, change: text })),
  }),
  /** `state`: the state folder, whose ledger counts it. */
  delegation_started: z.object({
    delegation_id: text,
    task_id: text,
    type: text,
    correction: z.boolean(),
    workspace: text,
    folder: text,
    state: text,
  }),
  delegation_working: z.object({ delegation_id: text, executor: text, conversation: nullable }),
  delegation_finished: z.object({
    delegation_id: text,
    task_id: text,
    verdict: text,
    executor: nullable,
    /** Why the executor could not do its work. */
    error_kind: nullable,
    error: nullable,
    files: texts,
    lines_changed: count,
    validation: z.array(z.object({ command: text, passed: z.boolean(), sandboxed: z.boolean() })),
    findings: texts,
    /** The rules that were broken, and those that the work does not meet yet, each one once. */
    violations: texts,
    failures: texts,
    /** Files in which it did not merge with what others did: nothing of it is in the tree. */
    conflict: z._default(texts, []),
    /** What was out of scope and was put back. */
    undone: texts,
    /** The command that brings it back. */
    bring_back: nullable,
    /** What the person, or another program, changed meanwhile: left as it is. */
    meanwhile: texts,
    notes: text,
    conversation: nullable,
    input_tokens: count,
    output_tokens: count,
    /** At list prices; null: not known. */
    list_price_usd: z.nullable(count),
    model: nullable,
    commit: nullable,
    elapsed_ms: count,
    /** The file with the evidence. */
    report: nullable,
  }),
  /** Of `ask_person`; `answer` null: no one answered in time. */
  person_asked: z.object({ task_id: nullable, question: text, answer: nullable }),
  /** A question that the end of its turn has left open: the next message is the answer. */
  question_left: z.object({ question: text }),
  /** How long the orchestration has worked so far; waiting for a person is not work. */
  time_spent: z.object({ ms: count }),
} as const;

type Payloads = { [Type in keyof typeof taskEvents]: z.infer<(typeof taskEvents)[Type]> };

type TaskEventType = keyof Payloads;
export type TaskPayload<Type extends TaskEventType> = Payloads[Type];

export type TaskEvent = {
  [Type in TaskEventType]: { readonly timestamp: string; readonly type: Type; readonly payload: Payloads[Type] };
}[TaskEventType];

export type NewTask = Readonly<z.infer<typeof newTask>>;
