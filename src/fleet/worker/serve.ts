import { unlessLongAborted } from "../../bounds/unless-long-aborted.ts";
import { AskCodexError, ERROR_KINDS, type ErrorKind, messageOf } from "../../errors.ts";
import { type Claims, GRACE, HEARTBEAT } from "../engine/engine.ts";
import { NOTE, sealAs } from "../wire/offer.ts";
import { type Attended, type Attending, attend } from "./attend.ts";

/** What happens at a worker, for a log. */
export type WorkerEvent =
  | { readonly event: "claimed"; readonly batch: string; readonly attempt: string }
  | ({ readonly event: "ended" } & Attended)
  /** The queue could not be used; it is tried again. */
  | { readonly event: "queue"; readonly why: string };

/** Figures since the worker began. */
export interface Figures {
  readonly busy: number;
  readonly claimed: number;
  readonly done: number;
  readonly refused: number;
  readonly failed: number;
  readonly lost: number;
}

export interface Serving extends Attending {
  readonly claims: Claims;
  /** How many attempts at once. */
  readonly slots: number;
  /** It leaves by itself when there was nothing to take for so long, in milliseconds; 0: never. */
  readonly idleMs: number;
  readonly signal: AbortSignal;
  readonly onEvent: (event: WorkerEvent) => void;
}

/** The attempts of a worker that cannot work are taken back by their coordinators. */
const COUNTED = { done: "done", refused: "refused", failed: "failed", lost: "lost", unable: "lost" } as const;

type Counts = { -readonly [Name in keyof Figures]: number };

/**
 * Takes attempts until aborted, which ends those under way; gives its figures at any time. `ended` rejects with AskCodexError when the worker
 * finds that it cannot work.
 */
export function serve(serving: Serving): { readonly figures: () => Figures; readonly ended: Promise<void> } {
  const counts: Counts = { busy: 0, claimed: 0, done: 0, refused: 0, failed: 0, lost: 0 };
  return { figures: () => ({ ...counts }), ended: loop(serving, counts) };
}

// A message that there is something to claim may be lost with a connection.
const PATIENCE_MS = 2000;

async function loop(serving: Serving, counts: Counts): Promise<void> {
  const { claims, slots, idleMs, signal, onEvent, key, worker, now } = serving;
  const running = new Set<Promise<void>>();
  const stopped = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  const present = async () => {
    const note = { worker, at: now(), doing: `${counts.busy} of ${slots}` };
    await claims.present(worker, sealAs(key, NOTE, { batch: "", of: worker }, note)).catch(() => {});
  };
  const unlessAway = <T>(work: Promise<T>) => unlessLongAborted(work, signal, GRACE);
  const timer = setInterval(() => void present(), HEARTBEAT);
  let busyAt = now();
  let unable: AskCodexError | null = null;
  try {
    await unlessAway(present()).catch(() => {});
    while (!signal.aborted && unable === null) {
      if (running.size >= slots) {
        await Promise.race([...running, stopped]);
        continue;
      }
      const claim = await unlessAway(claims.claim()).catch((error) => {
        if (!signal.aborted) onEvent({ event: "queue", why: messageOf(error) });
        return null;
      });
      if (claim !== null || running.size > 0) busyAt = now();
      if (claim === null) {
        if (idleMs > 0 && now() - busyAt >= idleMs) break;
        await claims.changed(PATIENCE_MS, signal);
        continue;
      }
      onEvent({ event: "claimed", batch: claim.batch, attempt: claim.id });
      const work = counted(attend(claim, serving, signal), serving, counts)
        .then((attended) => {
          if (attended?.ended === "unable") unable = unableBy(attended);
        })
        .finally(() => {
          running.delete(work);
          if (!signal.aborted) void present();
        });
      running.add(work);
      void present();
    }
    await Promise.all(running);
    if (unable !== null) throw unable;
  } finally {
    clearInterval(timer);
    // A server that is away forgets us by itself, a lease later.
    await unlessAway(claims.absent(worker)).catch(() => {});
  }
}

function unableBy({ why }: Attended): AskCodexError {
  const [kind = "", message] = (why ?? "").split(/: (.*)/s);
  return new AskCodexError(kind in ERROR_KINDS ? (kind as ErrorKind) : "internal", message ?? why ?? "");
}

async function counted(work: Promise<Attended>, { onEvent }: Serving, counts: Counts): Promise<Attended | null> {
  counts.claimed++;
  counts.busy++;
  try {
    const attended = await work;
    counts[COUNTED[attended.ended]]++;
    onEvent({ event: "ended", ...attended });
    return attended;
  } catch (error) {
    counts.lost++;
    onEvent({ event: "queue", why: messageOf(error) });
    return null;
  } finally {
    counts.busy--;
  }
}
