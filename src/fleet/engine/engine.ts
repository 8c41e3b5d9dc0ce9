/**
 * What a batch asks of a distributed queue, and all it asks: offer, claim, heartbeat, finish, stop. Another engine is put behind `Offers`
 * (the coordinator's side), `Claims` (a worker's) and `Shelf`. Payloads are sealed before they come here, so an engine sees neither a prompt
 * nor a patch. What it must promise: an id is offered once and ends once; a claim is one worker's; a claim that was not renewed for a lease
 * is `lost` and never given to a second worker; what `finish` took is in `standing` until it is taken back; after `clear` nothing is left.
 * tests/fleet/engine holds an engine to this.
 */
export interface Offers {
  /** Puts an attempt on the queue; workers whose labels hold `label` see it (null: all do). */
  offer(attempt: Attempt): Promise<void>;
  /** How each attempt that was offered and not yet taken back stands. */
  standing(): Promise<readonly Standing[]>;
  /** Takes an attempt off the queue, running or not: its worker loses its claim. Does nothing when it is gone. */
  takeBack(id: string): Promise<void>;
  /** Removes all that this batch has put on the queue. */
  clear(): Promise<void>;
  /** What each worker with our key says of itself, sealed, by its name. */
  workers(): Promise<ReadonlyMap<string, Buffer>>;
  /** Resolves when something may have changed, and at the latest after `milliseconds`. */
  changed(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Ends the connections; what is on the queue stays. */
  stop(): Promise<void>;
}

export interface Attempt {
  readonly id: string;
  readonly label: string | null;
  readonly payload: Buffer;
}

export type Standing =
  | { readonly id: string; readonly state: "waiting" }
  /** `note`: what its worker last said of it, sealed; null before it has said anything. */
  | { readonly id: string; readonly state: "running"; readonly note: Buffer | null }
  | { readonly id: string; readonly state: "finished"; readonly result: Buffer }
  /** Its worker has not been heard of for longer than a lease. */
  | { readonly id: string; readonly state: "lost"; readonly why: string };

export interface Claims {
  /** Takes the next attempt of any batch, or returns null when there is none. */
  claim(): Promise<Claim | null>;
  /** Says that this worker is there, and how it is; to be said again within a lease. */
  present(worker: string, note: Buffer): Promise<void>;
  /** Says that it has left. */
  absent(worker: string): Promise<void>;
  /** Resolves when there may be something to claim, and at the latest after `milliseconds`. */
  changed(milliseconds: number, signal: AbortSignal): Promise<void>;
  stop(): Promise<void>;
}

/** An attempt that is this worker's for as long as the lease is renewed. */
export interface Claim {
  readonly batch: string;
  readonly id: string;
  readonly payload: Buffer;
  /** Renews the lease. `lost`: another worker may have it, or it was taken back. */
  heartbeat(note: Buffer): Promise<"held" | "lost">;
  /** Hands the result in. `lost`: it was not taken. */
  finish(result: Buffer): Promise<"taken" | "lost">;
}

/** Larger things than an attempt, sealed as well: the workspace, and the coordinator's own copy of its journal. */
export interface Shelf {
  put(batch: string, name: string, bytes: Buffer): Promise<void>;
  /** Null when nothing lies there. */
  get(batch: string, name: string): Promise<Buffer | null>;
  append(batch: string, name: string, bytes: Buffer): Promise<void>;
  /** All that was appended, in order. */
  list(batch: string, name: string): Promise<readonly Buffer[]>;
  /** Removes what lies under one name. */
  drop(batch: string, name: string): Promise<void>;
  /** Removes all that lies there for a batch. */
  clear(batch: string): Promise<void>;
}

/** A lease ends this long after its last renewal, in milliseconds. */
export const LEASE = 12_000;

/** How often a lease is renewed. */
export const HEARTBEAT = 4_000;

/** A server that is away keeps every command until it is back. A process that was asked to stop waits for it no longer than this. */
export const GRACE = 5_000;
