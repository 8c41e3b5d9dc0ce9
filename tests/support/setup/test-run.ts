/** The variable that every process of a test run carries, from the set-up on. */
export const TEST_RUN_MARKER = "ASK_CODEX_TESTS";

/** The id of this test run; the demo and the bench, which have no set-up, get one of their own. */
export function testRun(): string {
  process.env[TEST_RUN_MARKER] ??= `solo-${process.pid}`;
  return process.env[TEST_RUN_MARKER];
}
