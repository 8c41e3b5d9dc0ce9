import type { Row } from "./rows.ts";

export interface BenchContext {
  /** How many counted rounds. */
  readonly runs: number;
  /** Aborted when the bench is interrupted. */
  readonly signal: AbortSignal;
}

/** One question about speed or size, put to whole processes. */
export interface Benchmark {
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<readonly Row[]>;
}
