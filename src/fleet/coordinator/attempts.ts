import { unlessLongAborted } from "../../bounds/unless-long-aborted.ts";
import { AskCodexError } from "../../errors.ts";
import { randomHex } from "../../files/random-hex.ts";
import { GRACE, type Offers } from "../engine/engine.ts";
import type { QueueKey } from "../seal/queue-key.ts";
import { type Answer, type Note, OFFER, type Offer, sealAs } from "../wire/offer.ts";
import { type Hear, type Outcome, outcomeOf, watchQueue } from "./watch-queue.ts";

/** What a coordinator learns of an attempt that is under way. */
export type AttemptEvent =
  | { readonly event: "offered"; readonly task: string; readonly attempt: string }
  | { readonly event: "running"; readonly task: string; readonly attempt: string; readonly note: Note }
  | { readonly event: "lost"; readonly task: string; readonly attempt: string; readonly why: string };

/** A task to be tried at some worker. */
export interface Asked {
  /** All of the offer but for what an attempt adds. */
  readonly offer: Omit<Offer, "batch" | "attempt" | "expires">;
  readonly label: string | null;
  /** An attempt of a coordinator before this one, which may still be under way; null: there was none. */
  readonly former: string | null;
  readonly signal: AbortSignal;
}

export interface Attempts {
  /**
   * Offers a task and waits for its answer; once more when its worker is lost, three times in all. The answer is the one that is sealed
   * with our key and belongs to the attempt that is outstanding: no other is ever looked at.
   */
  answerOf(asked: Asked): Promise<Answer>;
  stop(): Promise<void>;
}

export interface Coordinating {
  readonly offers: Offers;
  readonly key: QueueKey;
  readonly batch: string;
  readonly now: () => number;
  /** `offered` is awaited before anything is: it must be journaled first. */
  readonly onEvent: (event: AttemptEvent) => Promise<void>;
}

const MOST_ATTEMPTS = 3;
const VALID_MS = 14 * 24 * 3600 * 1000;

/** The attempts of one batch; all of them share one look at the queue. */
export function openAttempts(coordinating: Coordinating): Attempts {
  const stopped = new AbortController();
  const waiting = new Map<string, Hear>();
  const watching = watchQueue(coordinating.offers, waiting, stopped.signal);
  return {
    answerOf: (asked) => unlessLongAborted(tried(coordinating, waiting, asked), asked.signal, GRACE),
    async stop() {
      stopped.abort();
      await watching;
    },
  };
}

async function tried(coordinating: Coordinating, waiting: Map<string, Hear>, asked: Asked): Promise<Answer> {
  const { onEvent } = coordinating;
  const { task } = asked.offer;
  let attempt = asked.former ?? (await offered(coordinating, asked));
  for (let lost = 0; ; ) {
    const outcome = await ended(coordinating, waiting, { attempt, asked });
    if (outcome.type === "answer" && outcome.answer.type !== "unable") return outcome.answer;
    if (outcome.type === "lost") lost += 1;
    const why = outcome.type === "lost" ? outcome.why : passedOn(outcome.answer);
    await onEvent({ event: "lost", task, attempt, why });
    if (lost >= MOST_ATTEMPTS) throw poisoned(task);
    attempt = await offered(coordinating, asked);
  }
}

async function offered({ offers, key, batch, now, onEvent }: Coordinating, { offer, label }: Asked): Promise<string> {
  const attempt = `${offer.task}.${randomHex(8)}`;
  await onEvent({ event: "offered", task: offer.task, attempt });
  const whole: Offer = { ...offer, batch, attempt, expires: now() + VALID_MS };
  await offers.offer({ id: attempt, label, payload: sealAs(key, OFFER, { batch, of: attempt }, whole) });
  return attempt;
}

interface Outstanding {
  readonly attempt: string;
  readonly asked: Asked;
}

/** Takes the attempt off the queue, however it ended. Throws the signal's reason. */
async function ended(
  { offers, key, batch, onEvent }: Coordinating,
  waiting: Map<string, Hear>,
  { attempt, asked: { offer, signal } }: Outstanding,
): Promise<Outcome> {
  const abort = new AbortController();
  try {
    return await new Promise<Outcome>((resolve, reject) => {
      const leave = () => reject(signal.reason);
      if (signal.aborted) leave();
      signal.addEventListener("abort", leave, { once: true, signal: abort.signal });
      let said = "";
      waiting.set(attempt, (standing) => {
        const outcome = outcomeOf(key, { batch, of: attempt }, standing);
        if (outcome.type !== "running") resolve(outcome);
        else if (outcome.note !== null && outcome.note.doing !== said) {
          said = outcome.note.doing;
          void onEvent({ event: "running", task: offer.task, attempt, note: outcome.note });
        }
      });
    });
  } finally {
    abort.abort();
    waiting.delete(attempt);
    await offers.takeBack(attempt).catch(() => {});
  }
}

/** A worker that cannot work leaves: that says nothing of the task. */
function passedOn(answer: Answer): string {
  return `the worker ${answer.worker} cannot work${"why" in answer ? ` (${answer.why})` : ""}`;
}

function poisoned(task: string): AskCodexError {
  const message = `task ${task} was lost by ${MOST_ATTEMPTS} workers, one after the other`;
  const hint = "The task itself may be what ends its workers: try it on this machine.";
  return new AskCodexError("worker_lost", message, { hint });
}
