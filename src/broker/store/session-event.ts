import * as z from "zod/mini";
import { taskEvents } from "../../orchestrate/queue/task-event.ts";
import { messageOptions } from "./message-options.ts";
import { openRequest } from "./open-request.ts";
import { sessionOptions } from "./session-options.ts";

const text = z.string();
const nullable = z.nullable(text);

/** The events of a session's journal: everything that its state is made of, in the order it happened. */
const payloads = {
  session_started: z.object({ broker_id: text, options: sessionOptions }),
  worker_started: z.object({ pid: z.number() }),
  worker_stopped: z.object({ reason: text }),
  message_accepted: z.object({ message_id: text, message: text, mode: text, key: nullable, options: messageOptions }),
  run_started: z.object({ run_id: text, message: text, message_id: text }),
  thread_opened: z.object({ session_id: text }),
  run_finished: z.object({
    run_id: text,
    status: text,
    output_path: nullable,
    exit_code: z.number(),
    message_id: text,
    error_kind: nullable,
    questions: z.array(text),
    /** More messages wait, but none of them can do better now. */
    queue_held: z.boolean(),
    /** Something that Codex asked was not answered in time. */
    unanswered: z.boolean(),
  }),
  queue_released: z.object({}),
  renamed: z.object({ name: text }),
  /** The next message was sent with flags that hold for the worker of that time alone. */
  flags_wanted: z.object({ message_id: text, flags: text }),
  interrupt_requested: z.object({}),
  steer_started: z.object({ message_id: text }),
  message_steered: z.object({ message_id: text, run_id: text }),
  steer_missed: z.object({ message_id: text }),
  message_interrupted: z.object({ message_id: text }),
  request_opened: openRequest,
  question_answered: z.object({ request_id: text, question_id: text, text, message_id: nullable }),
  /** `answered`, `approved`, `denied`, `expired` after the answer time, `withdrawn` by Codex or the end of the turn. */
  request_closed: z.object({ request_id: text, how: text, reason: text }),
  codex_lost: z.object({ message: text }),
  stop_requested: z.object({}),
  ...taskEvents,
} as const;

type Payloads = { [Type in keyof typeof payloads]: z.infer<(typeof payloads)[Type]> };

export type SessionEventType = keyof Payloads;
export type PayloadOf<Type extends SessionEventType> = Payloads[Type];

export type SessionEvent = {
  [Type in SessionEventType]: { readonly timestamp: string; readonly type: Type; readonly payload: Payloads[Type] };
}[SessionEventType];

const line = z.object({ timestamp: text, type: text, payload: z.unknown() });

/** Reads one line of a session's journal; null when it is damaged, or of a kind that we do not know. */
export function parseSessionEvent(json: string): SessionEvent | null {
  try {
    const event = line.parse(JSON.parse(json));
    if (!Object.hasOwn(payloads, event.type)) return null;
    const payload = payloads[event.type as SessionEventType].parse(event.payload);
    return { timestamp: event.timestamp, type: event.type, payload } as SessionEvent;
  } catch {
    return null;
  }
}
