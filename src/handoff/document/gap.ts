/** One thing that a document lacks, or that looks wrong in it. */
export interface Gap {
  /** In the document, from 1; null: nowhere in particular. */
  readonly line: number | null;
  /** What is missing or wrong, in one sentence. */
  readonly what: string;
  /** What to do about it, in one sentence. */
  readonly fix: string;
}

/** `what` ends like a sentence, whatever it was made from. */
export function gap(line: number | null | undefined, what: string, fix: string): Gap {
  return { line: line ?? null, what: /[.!?]$/.test(what) ? what : `${what}.`, fix };
}
