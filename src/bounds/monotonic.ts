/**
 * Milliseconds of a clock that only goes forward, from a beginning of its own: one that is set back must not end a turn. (The global
 * `performance` would load eight modules of Node's.)
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
