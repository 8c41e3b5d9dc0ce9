import { unlessLongAborted } from "../../bounds/unless-long-aborted.ts";
import { AskCodexError, messageOf } from "../../errors.ts";
import { type Claim, GRACE, HEARTBEAT, type Shelf } from "../engine/engine.ts";
import type { QueueKey } from "../seal/queue-key.ts";
import { ANSWER, type Answer, NOTE, OFFER, type Offer, openAs, sealAs } from "../wire/offer.ts";
import { Refused, refusalOf, type WorkerPolicy } from "./policy.ts";
import type { Seen } from "./seen.ts";

/** What an attempt came to where it was carried out. */
export interface Done {
  /** From the commit that it began with. */
  readonly patch: Buffer;
  /** As the worker words it; the coordinator's own code reads it. */
  readonly work: unknown;
}

/** The worker itself cannot work: it has no login of Codex, or no Codex that it can use. */
export class Unable extends AskCodexError {}

/** Carries an attempt out. Aborted when the attempt is no longer ours; it then leaves nothing behind. */
export type CarryOut = (
  offer: Offer,
  how: { readonly signal: AbortSignal; readonly doing: (what: string) => void },
) => Promise<Done>;

export interface Attending {
  readonly key: QueueKey;
  readonly worker: string;
  readonly policy: WorkerPolicy;
  readonly seen: Seen;
  readonly shelf: Shelf;
  readonly carryOut: CarryOut;
  readonly now: () => number;
}

/** How an attempt ended at this worker. `lost`: another may have it, or it was taken back; its result went nowhere. */
export interface Attended {
  readonly task: string;
  readonly batch: string;
  readonly ended: Answer["type"] | "lost";
  readonly why: string | null;
}

/**
 * Sees to one claim from offer to answer. An offer that was not sealed with our key, that was begun before, or that asks for more than the
 * policy allows is refused before anything else is done. The lease is renewed all the while.
 */
export async function attend(claim: Claim, attending: Attending, stopping: AbortSignal): Promise<Attended> {
  const { key, worker, now } = attending;
  const ours = new AbortController();
  const stop = () => ours.abort("the worker was stopped");
  if (stopping.aborted) stop();
  stopping.addEventListener("abort", stop, { once: true });
  let doing = "begins";
  const beat = async () => {
    const said = sealAs(key, NOTE, placeOf(claim), { worker, at: now(), doing });
    // A server that is away answers later, or the lease ends: either way the next beat knows.
    const held = await claim.heartbeat(said).catch(() => "held" as const);
    if (held === "lost") ours.abort("its lease was lost");
  };
  const timer = setInterval(() => void beat(), HEARTBEAT);
  void beat();
  try {
    const { task, answer, sealed } = await answerTo(claim, attending, {
      signal: ours.signal,
      doing(what) {
        doing = what;
      },
    });
    const about = { task: task ?? claim.id, batch: claim.batch };
    if (ours.signal.aborted && answer.type !== "refused")
      return { ...about, ended: "lost", why: `${ours.signal.reason}` };
    const handedIn = claim.finish(sealed);
    const taken = await unlessLongAborted(handedIn, ours.signal, GRACE).catch((error) => {
      if (!ours.signal.aborted) throw error;
      return "lost" as const;
    });
    if (taken === "lost") return { ...about, ended: "lost", why: "its result was not taken" };
    return { ...about, ended: answer.type, why: "why" in answer ? answer.why : null };
  } finally {
    clearInterval(timer);
    stopping.removeEventListener("abort", stop);
  }
}

const placeOf = ({ batch, id }: Claim) => ({ batch, of: id });

async function answerTo(
  claim: Claim,
  { key, worker, policy, seen, carryOut, now }: Attending,
  how: Parameters<CarryOut>[1],
): Promise<{ readonly task: string | null; readonly answer: Answer; readonly sealed: Buffer }> {
  const shared = { attempt: claim.id, worker };
  let task: string | null = null;
  const saying = (answer: Answer) => ({ task, answer, sealed: sealAs(key, ANSWER, placeOf(claim), answer) });
  try {
    const offer = openAs(key, OFFER, placeOf(claim), claim.payload);
    task = offer.task;
    const why = offer.attempt === claim.id ? refusalOf(policy, offer, now()) : "it is another attempt's";
    if (why !== null) return saying({ type: "refused", ...shared, why });
    if (!seen.begin(claim.id)) return saying({ type: "refused", ...shared, why: "it was begun before" });
    const { patch, work } = await carryOut(offer, how);
    return saying({ type: "done", ...shared, patch: patch.toString("base64"), work });
  } catch (error) {
    if (error instanceof Unable) return saying({ type: "unable", ...shared, why: `${error.kind}: ${error.message}` });
    const refused = error instanceof Refused || (task === null && error instanceof AskCodexError);
    return saying({ type: refused ? "refused" : "failed", ...shared, why: messageOf(error) });
  }
}
