import { createHash } from "node:crypto";
import { endianness } from "node:os";
import * as z from "zod/mini";
import { parseJson } from "../files/json-line.ts";
import type { CountedRuns, Traits } from "./counted-run.ts";

/** What the first lines of a ledger came to. */
export interface Digest {
  /** How many bytes of the ledger it is of; the last one ends a line. */
  readonly size: number;
  /** The SHA-256 of these bytes, in hex: it is of no other ledger. */
  readonly ledger: string;
  readonly runs: CountedRuns;
  /** Lines in there that are not entries. */
  readonly skipped: number;
}

/** Raised when entries are read or counted otherwise, and when the form below changes: older digests are made anew. */
export const DIGEST_VERSION = 1;

// The numbers lie as the machine has them, and a folder may be shared by machines of two kinds.
const FORMAT = `${DIGEST_VERSION} ${endianness()}`;

const count = z.int().check(z.nonnegative());
const name = z.nullable(z.string());
const fact = z.nullable(z.boolean());
const traits = z.object({
  status: z.string(),
  alone: z.boolean(),
  firstPass: fact,
  inScope: fact,
  direction: z.string(),
  project: name,
  role: name,
  model: name,
  batch: name,
});
const headSchema = z.object({
  format: z.literal(FORMAT),
  size: count,
  ledger: z.string(),
  skipped: count,
  traits: z.array(traits),
  tasks: z.array(z.string()),
});

/**
 * A digest as bytes: a hash of all that follows; a line of JSON; then, run by run, a number for each field. Exact: what is read of it
 * is what was put in.
 */
export function packed({ size, ledger, runs, skipped }: Digest): Uint8Array {
  const numbers = new Float64Array(runs.count * FIELDS);
  const known = new Map<Traits, number>();
  const tasks = new Map<string, number>();
  let at = 0;
  runs.each(({ time, elapsedMs, tokens, rounds, priceUsd, task, traits: its }) => {
    const [common, part] = [indexIn(known, its), task === null ? NONE : indexIn(tasks, task)];
    numbers.set([time, elapsedMs, tokens ?? NONE, rounds, priceUsd ?? NONE, part, common], at);
    at += FIELDS;
  });
  const head = { format: FORMAT, size, ledger, skipped, traits: [...known.keys()], tasks: [...tasks.keys()] };
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), new Uint8Array(numbers.buffer)]);
  return Buffer.concat([Buffer.from(`${hashOf(body)}\n`), body]);
}

/** The digest in these bytes; null: they are not whole, or of another version. */
export function unpacked(bytes: Buffer): Digest | null {
  const start = bytes.indexOf("\n") + 1;
  const body = bytes.subarray(start);
  if (start === 0 || bytes.toString("latin1", 0, start - 1) !== hashOf(body)) return null;
  const end = body.indexOf("\n") + 1;
  const head = headSchema.safeParse(parseJson(body.toString("utf8", 0, end))).data;
  if (head === undefined) return null;
  // A copy: numbers must lie at a multiple of their length.
  const numbers = new Float64Array(new Uint8Array(body.subarray(end)).buffer);
  return { ...head, runs: runsIn(numbers, head) };
}

const FIELDS = 7;
// Nothing that may be null is negative.
const NONE = -1;

function runsIn(numbers: Float64Array, { traits: known, tasks }: z.infer<typeof headSchema>): CountedRuns {
  return {
    count: numbers.length / FIELDS,
    each(see) {
      for (let at = 0; at < numbers.length; at += FIELDS) {
        const its = known[numbers[at + 6] ?? NONE];
        if (its === undefined) throw new Error("a digest whose hash is right has no such traits");
        see({
          time: numbers[at] ?? 0,
          elapsedMs: numbers[at + 1] ?? 0,
          tokens: orNull(numbers[at + 2]),
          rounds: numbers[at + 3] ?? 0,
          priceUsd: orNull(numbers[at + 4]),
          task: tasks[numbers[at + 5] ?? NONE] ?? null,
          traits: its,
        });
      }
    },
  };
}

function orNull(number = NONE): number | null {
  return number === NONE ? null : number;
}

function indexIn<T>(known: Map<T, number>, value: T): number {
  const index = known.get(value) ?? known.size;
  known.set(value, index);
  return index;
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
