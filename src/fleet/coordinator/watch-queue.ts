import { messageOf } from "../../errors.ts";
import type { Offers, Standing } from "../engine/engine.ts";
import { NotSealed } from "../seal/envelope.ts";
import type { QueueKey } from "../seal/queue-key.ts";
import { ANSWER, type Answer, NOTE, type Note, openAs, type Place } from "../wire/offer.ts";

/** Told how an attempt stands; null: it is not on the queue. */
export type Hear = (standing: Standing | null) => void;

/** How an attempt came out. */
export type Outcome =
  | { readonly type: "answer"; readonly answer: Answer }
  | { readonly type: "lost"; readonly why: string };

// A message that something changed may be lost with a connection.
const PATIENCE_MS = 1000;

/** Looks at the queue until aborted, whenever it changed, and wakes all that wait. A server that is away is asked again. */
export async function watchQueue(
  offers: Offers,
  waiting: ReadonlyMap<string, Hear>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // What is offered while we look is not missed: only those who waited before are woken.
    const waited = [...waiting];
    const standings = waited.length === 0 ? [] : await offers.standing().catch(() => null);
    if (standings !== null) {
      const byId = new Map(standings.map((one) => [one.id, one]));
      for (const [id, hear] of waited) hear(byId.get(id) ?? null);
    }
    await offers.changed(PATIENCE_MS, signal);
  }
}

/** What a standing says of an attempt. A note or an answer that was not sealed with our key, for it, says nothing. */
export function outcomeOf(
  key: QueueKey,
  place: Place,
  standing: Standing | null,
): Outcome | { readonly type: "running"; readonly note: Note | null } {
  if (standing === null) return { type: "lost", why: "it is no longer on the queue" };
  if (standing.state === "lost") return { type: "lost", why: "its worker was not heard of any more" };
  if (standing.state === "waiting") return { type: "running", note: null };
  if (standing.state === "running") {
    const { note } = standing;
    return { type: "running", note: note === null ? null : noteIn(key, place, note) };
  }
  return answerIn(key, place, standing.result);
}

/** A result that was sealed with our key and cannot be used, say for its size, will be the same the next time: the task has failed. */
function answerIn(key: QueueKey, place: Place, sealed: Buffer): Outcome {
  try {
    const answer = openAs(key, ANSWER, place, sealed);
    if (answer.attempt === place.of) return { type: "answer", answer };
    return failed(place, "it is another attempt's");
  } catch (error) {
    if (error instanceof NotSealed) return { type: "lost", why: "its answer was not sealed with this key" };
    return failed(place, messageOf(error));
  }
}

function failed({ of }: Place, why: string): Outcome {
  const answer: Answer = { type: "failed", attempt: of, worker: "that answered", why: `its answer is refused: ${why}` };
  return { type: "answer", answer };
}

/** What a worker says; null for what was not sealed with our key, which says nothing. */
export function noteIn(key: QueueKey, place: Place, sealed: Buffer): Note | null {
  try {
    return openAs(key, NOTE, place, sealed);
  } catch {
    return null;
  }
}
