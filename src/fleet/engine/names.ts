import type { QueueKey } from "../seal/queue-key.ts";

/** How things are called on a server, so that two keys on one server never meet. */
export function queueNames({ name: key }: QueueKey) {
  const root = `ask-codex:${key}`;
  return {
    /** Prefix of what the engine keeps. */
    prefix: `${root}:q`,
    /** The batches under way, with a queue for each label, by the second at which they are given up. */
    queues: `${root}:queues`,
    /** Told when there is something to claim, or when an attempt stands differently. */
    offered: `${root}:offered`,
    ended: `${root}:ended`,
    /** A queue's own name: a batch and a label. */
    queue: (batch: string, label: string | null) => (label === null ? batch : `${batch}@${label}`),
    shelf: (batch: string, name: string) => `${root}:shelf:${batch}:${name}`,
    worker: (worker: string) => `${root}:worker:${worker}`,
  };
}

export type QueueNames = ReturnType<typeof queueNames>;

/** The two parts of a queue's own name. */
export function partsOf(queue: string): { readonly batch: string; readonly label: string | null } {
  const at = queue.indexOf("@");
  return at < 0 ? { batch: queue, label: null } : { batch: queue.slice(0, at), label: queue.slice(at + 1) };
}
