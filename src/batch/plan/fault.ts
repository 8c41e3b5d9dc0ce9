/** One thing because of which a plan cannot be carried out, or that looks wrong in it. */
export interface Fault {
  /** Null: it is about the plan as a whole. */
  readonly task: string | null;
  /** In one sentence. */
  readonly what: string;
  /** What to do about it, in one sentence. */
  readonly fix: string;
}

export function fault(task: string | null, what: string, fix: string): Fault {
  return { task, what, fix };
}
