import * as z from "zod/mini";
import { SANDBOX_MODES } from "../../codex/settings.ts";
import { type Label, seal, tooLarge, unseal } from "../seal/envelope.ts";
import type { QueueKey } from "../seal/queue-key.ts";

const text = z.string();
const texts = z.readonly(z.array(text));
const count = z.number().check(z.nonnegative());

const commit = text.check(z.regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/));

/** The files that a task begins with. */
const files = z.object({
  /** What the commit is called at the worker. */
  commit,
  /** A commit that the worker's own remote must have, and that comes first; null: everything is on the shelf. */
  remote: z.nullable(commit),
  /** Parcels on the shelf, by their commits, in the order in which they are unpacked. */
  parcels: z.readonly(z.array(commit)),
});

/** An attempt at a task as it travels to a worker: sealed, so a worker knows that its coordinator asks for exactly this. */
const offer = z.object({
  batch: text,
  task: text,
  attempt: text,
  /** Milliseconds since 1970; a worker does not begin it later. */
  expires: count,
  files,
  /** Codex's sandbox, and whether it may reach the network. */
  sandbox: z.enum(SANDBOX_MODES),
  network: z.boolean(),
  /** The globs of what it may write; null: any file. */
  writes: z.nullable(texts),
  model: z.nullable(text),
  /** Overrides of the worker's Codex configuration. */
  config: texts,
  /** Commands that run at the worker outside of Codex: set-up and checks. */
  commands: texts,
  /** Limit of a turn in seconds; 0: none. */
  timeout: count,
  /** The task itself, as the worker words it. */
  work: z.unknown(),
});

export type Offer = Readonly<z.infer<typeof offer>>;

/** What a worker's policy is asked about a task. */
export type Asks = Pick<Offer, "sandbox" | "network" | "writes" | "model" | "config" | "commands" | "timeout">;

/** How an attempt ended at a worker. */
const answer = z.discriminatedUnion("type", [
  /** The work was done, well or not; `work` says which. */
  z.object({ type: z.literal("done"), attempt: text, worker: text, patch: text, work: z.unknown() }),
  /** Nothing was begun. */
  z.object({ type: z.literal("refused"), attempt: text, worker: text, why: text }),
  /** The worker cannot carry out any task, and leaves: it is another's. */
  z.object({ type: z.literal("unable"), attempt: text, worker: text, why: text }),
  /** It could not be carried out at this worker. */
  z.object({ type: z.literal("failed"), attempt: text, worker: text, why: text }),
]);

export type Answer = Readonly<z.infer<typeof answer>>;

/** The largest that is accepted, in bytes: an offer, and an answer with its patch. */
const MOST_OFFER = 4 * 1024 * 1024;
export const MOST_ANSWER = 32 * 1024 * 1024;

/** What a worker says of an attempt while it works, and of itself. */
const note = z.object({ worker: text, at: count, doing: text });

export type Note = Readonly<z.infer<typeof note>>;

/** Another sort of text on the queue, sealed for its place. */
interface Kind<T> {
  readonly kind: string;
  readonly schema: z.ZodMiniType<T>;
  readonly most: number;
}

export const OFFER: Kind<Offer> = { kind: "offer", schema: offer, most: MOST_OFFER };
export const ANSWER: Kind<Answer> = { kind: "answer", schema: answer, most: MOST_ANSWER };
export const NOTE: Kind<Note> = { kind: "note", schema: note, most: 64 * 1024 };

/** Where a sealed text belongs: an attempt (or a worker) of a batch. */
export type Place = Omit<Label, "kind">;

/** @throws AskCodexError when it is larger than what `openAs` accepts */
export function sealAs<T>(key: QueueKey, { kind, most }: Kind<T>, place: Place, value: T): Buffer {
  const label = { kind, ...place };
  const plain = Buffer.from(JSON.stringify(value));
  if (plain.length > most) throw tooLarge(label, most);
  return seal(key, label, plain);
}

/** @throws NotSealed, an AskCodexError when it is too large, an Error when what was sealed is not of this kind */
export function openAs<T>(key: QueueKey, { kind, schema, most }: Kind<T>, place: Place, sealed: Uint8Array): T {
  return schema.parse(JSON.parse(unseal(key, { kind, ...place }, sealed, most).toString("utf8")));
}
