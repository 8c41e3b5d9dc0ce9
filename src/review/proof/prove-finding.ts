import type { CheckRun } from "../../process/run-check.ts";
import { defuse } from "../../text/defuse.ts";
import type { Proof } from "../verdict/verdict.ts";

/** The places where a test of one finding can be run. */
export interface Trials {
  readonly onChange: () => Promise<CheckRun>;
  readonly before: () => Promise<CheckRun>;
  /** With the suggested change in its place; null: there is none. */
  readonly withFix: (() => Promise<CheckRun>) | null;
  /** The code that is at fault stood there before the change already. */
  readonly codeIsOlder: boolean;
}

/**
 * What running a test says of a finding. A test that fails everywhere proves nothing by itself: it may be broken, or need what the
 * change brings. So `pre_existing` needs the very code to have been there before.
 */
export async function proveFinding(trials: Trials): Promise<Pick<Proof, "result" | "detail">> {
  const first = await trials.onChange();
  if (!failed(first)) return not(`${came(first)} on the change`, first);
  const former = await trials.before();
  if (passed(former)) return again(trials, "passes before it");
  if (!failed(former)) return not(`fails on the change, and ${came(former)} before it`, former);
  if (trials.codeIsOlder) return { result: "pre_existing", detail: words("fails on the change and before it", former) };
  if (trials.withFix !== null && passed(await trials.withFix()))
    return again(trials, "passes with the suggested change");
  return not("fails on the change and before it, where this code was not there yet", first);
}

/** A test that fails once and then never again depends on something else. */
async function again({ onChange }: Trials, where: string): Promise<Pick<Proof, "result" | "detail">> {
  const second = await onChange();
  if (!failed(second)) return not(`fails on the change at times only: it ${came(second)} there later`, second);
  return { result: "proved", detail: words(`fails on the change and ${where}`, second) };
}

function not(what: string, run: CheckRun): Pick<Proof, "result" | "detail"> {
  return { result: "not_reproduced", detail: words(what, run) };
}

// Enough to see which assertion failed; the log has the rest.
const MOST_OUTPUT = 600;

function words(what: string, { outputTail }: CheckRun): string {
  return `${what}\n${defuse(outputTail).trim().slice(-MOST_OUTPUT)}`.trim();
}

function passed({ exitCode }: CheckRun): boolean {
  return exitCode === 0;
}

// What a shell exits with when it cannot run a program.
const NOT_RUN: readonly number[] = [126, 127];

function failed({ exitCode }: CheckRun): boolean {
  return exitCode !== null && exitCode !== 0 && !NOT_RUN.includes(exitCode);
}

function came(run: CheckRun): string {
  if (passed(run)) return "passes";
  if (run.timedOut) return "takes too long";
  return run.exitCode === null ? "is killed" : "cannot be run";
}
