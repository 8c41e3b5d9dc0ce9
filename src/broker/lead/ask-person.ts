import type { ToolReply } from "../../codex/tools.ts";
import { taskOf } from "../../orchestrate/queue/task.ts";
import { personArguments, readArguments } from "./arguments.ts";
import type { Orchestration } from "./task/orchestration.ts";
import { faultReply } from "./task/reply.ts";

interface Asking {
  readonly callId: string;
  readonly given: unknown;
  readonly signal: AbortSignal;
}

/** `ask_person`: a question of the session's, answered by `codex_broker answer`. It has a clock of its own (--answer-timeout). */
export async function askPerson(of: Orchestration, { callId, given, signal }: Asking): Promise<ToolReply> {
  const { log, attendant } = of.parts;
  const read = readArguments(personArguments, given);
  if (!read.ok) return faultReply(read.faults);
  const { question, options, task_id } = read.value;
  if (task_id !== undefined && taskOf(of.queue(), task_id) === null)
    return faultReply([
      { what: `There is no task ${task_id}.`, change: "Leave task_id out, or name a task of the queue." },
    ]);
  const asked = {
    id: ANSWER,
    header: task_id ?? "",
    question,
    options: options.map((label) => ({ label, description: "" })),
  };
  const request = { id: `ask-${callId}`, limitMs: null, type: "question", questions: [asked] } as const;
  // Other tasks may be worked on meanwhile: their time counts.
  if (of.underWay.tasks.length === 0) of.stopwatch.stop();
  const reply = await attendant.answer(request, signal);
  of.stopwatch.start();
  const answer = reply.type === "answers" ? (reply.answers[ANSWER] ?? null) : null;
  if (signal.aborted) {
    log.record("question_left", { question });
    return faultReply([{ what: "The question was withdrawn.", change: "Nothing." }]);
  }
  log.record("person_asked", { task_id: task_id ?? null, question, answer });
  if (answer !== null) return { success: true, text: JSON.stringify({ verdict: "answered", answer }) };
  const change = "Go on without it where that is possible, or finish and say what is missing.";
  return faultReply([{ what: "No one answered in time.", change }]);
}

// One question a call: it needs no other name.
const ANSWER = "answer";
