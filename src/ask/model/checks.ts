import { join } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import type { CodexCommand } from "../../codex/find-codex.ts";
import { runSandboxed } from "../../codex/sandbox/run-sandboxed.ts";
import { messageOf } from "../../errors.ts";
import { exists } from "../../files/look.ts";
import type { CheckRun } from "../../process/run-check.ts";
import { defuse } from "../../text/defuse.ts";
import type { Elsewhere } from "./elsewhere.ts";
import type { RequestedChecks } from "./plan.ts";

/** A check that was asked for, run by us. */
export interface CheckResult {
  readonly type: "expect_file" | "verify_command" | "second_look" | "output_schema" | "contract" | "review";
  /** The file, the command, what the answer was checked against, or the rule of a contract. */
  readonly subject: string;
  readonly passed: boolean;
  readonly exitCode: number | null;
  readonly durationMs: number | null;
  /** What a failure looked like. */
  readonly detail: string;
}

export interface CheckContext {
  readonly workspace: string;
  /** The Codex in whose sandbox commands run; null: they run as we do. */
  readonly sandbox: CodexCommand | null;
  /** The machine that commands run on; null: this one. */
  readonly elsewhere: Elsewhere | null;
  readonly env: Readonly<Record<string, string>>;
  /** The run's folder: the whole output of a verify command stays there. */
  readonly folder: string;
  readonly round: number;
  readonly signal: AbortSignal;
}

// A test suite's time; what takes longer belongs in the task, where the turn's own limits watch it.
export const VERIFY_LIMIT_MS = 300_000;

/** Looks for the expected files, then runs the verify command: it may rely on them. */
export async function runChecks(requested: RequestedChecks, context: CheckContext): Promise<readonly CheckResult[]> {
  const files = await inBatches(requested.expectFiles, expectFile);
  if (requested.verifyCommand === null) return files;
  return [...files, await verify(requested.verifyCommand, context)];
}

/** A failed check in words that Codex can act on. */
export function describeFailure(check: CheckResult): string {
  switch (check.type) {
    case "expect_file":
      return `This file must exist, and does not: ${check.subject}`;
    case "output_schema":
      return `The final message does not fit the required output schema: ${check.detail}`;
    case "contract":
    case "review":
    case "second_look":
      return check.detail;
    case "verify_command": {
      const end = check.exitCode === null ? "did not finish" : `exited with code ${check.exitCode}`;
      return `\`${check.subject}\` ${end}. Its output ended with:\n\n${check.detail}`;
    }
  }
}

async function expectFile(path: string): Promise<CheckResult> {
  const passed = await exists(path);
  const detail = passed ? "" : "missing";
  return { type: "expect_file", subject: path, passed, exitCode: null, durationMs: null, detail };
}

async function verify(
  command: string,
  { workspace, sandbox, elsewhere, env, folder, round, signal }: CheckContext,
): Promise<CheckResult> {
  const outputPath = join(folder, round === 0 ? "verify.log" : `verify-${round}.log`);
  const options = { cwd: workspace, env, limitMs: VERIFY_LIMIT_MS, outputPath, signal };
  const common = { type: "verify_command", subject: command } as const;
  let run: CheckRun;
  try {
    run = await (elsewhere === null ? runSandboxed(sandbox, command, options) : elsewhere.check(command, options));
  } catch (error) {
    // No bash, no sandbox, no workspace any more, a full disk: the check has failed, and what Codex answered stands.
    return {
      ...common,
      passed: false,
      exitCode: null,
      durationMs: null,
      detail: `it cannot be run: ${messageOf(error)}`,
    };
  }
  const overtime = run.timedOut ? `\n(ended after ${VERIFY_LIMIT_MS / 1000} s)` : "";
  return {
    ...common,
    passed: run.exitCode === 0,
    exitCode: run.exitCode,
    durationMs: run.durationMs,
    detail: defuse(run.outputTail).trimEnd() + overtime,
  };
}
