import { join } from "node:path";
import { VERIFY_LIMIT_MS } from "../../ask/model/checks.ts";
import type { CodexCommand } from "../../codex/find-codex.ts";
import { runSandboxed } from "../../codex/sandbox/run-sandboxed.ts";
import { messageOf } from "../../errors.ts";
import { appendPlain } from "../../files/append-plain.ts";
import { defuse } from "../../text/defuse.ts";
import { validationCommand } from "../document/validation-command.ts";
import type { Validation } from "./facts.ts";

export interface ValidationOptions {
  readonly workspace: string;
  /** The Codex in whose sandbox commands run; null: they run as we do. */
  readonly sandbox: CodexCommand | null;
  /** Commands that run as we do, whatever sandbox there is for the others; left out: none. */
  readonly trusted?: ReadonlySet<string>;
  readonly env: Readonly<Record<string, string>>;
  /** The run's own folder: the whole output of a round stays there, in one file. */
  readonly folder: string;
  readonly round: number;
  readonly signal: AbortSignal;
  /** Told before each command. */
  readonly checking: (command: string) => void;
}

/** How commands are run that are repeated elsewhere: as in this place, each followed by the same step. */
export interface Commands {
  readonly place: ValidationOptions;
  readonly after: (command: string) => Promise<void>;
}

/** Runs the commands one after the other, whatever becomes of each, and what comes `after` it; once the signal says stop, none is begun. */
export async function runValidation(
  commands: readonly string[],
  place: ValidationOptions,
  after: (command: string) => Promise<void>,
): Promise<readonly Validation[]> {
  const outputPath = validationLog(place.folder, place.round);
  const results: Validation[] = [];
  for (const command of commands) {
    if (place.signal.aborted) break;
    place.checking(command);
    results.push(await runOne(command, place, outputPath));
    await after(command);
  }
  return results;
}

/** Where the output of a round is. */
function validationLog(folder: string, round: number): string {
  return join(folder, round === 0 ? "validation.log" : `validation-${round}.log`);
}

async function runOne(command: string, place: ValidationOptions, outputPath: string): Promise<Validation> {
  const { workspace: cwd, sandbox, env, signal } = place;
  const { command: line } = validationCommand(command);
  const title = `$ ${line}\n`;
  try {
    appendPlain(outputPath, title);
    const run = await runSandboxed(place.trusted?.has(line) ? null : sandbox, line, {
      cwd,
      env,
      limitMs: VERIFY_LIMIT_MS,
      outputPath,
      signal,
    });
    const { exitCode, durationMs, outputTail, timedOut } = run;
    // The end of the file may reach back to the command before.
    const own = outputTail.slice(Math.max(0, outputTail.lastIndexOf(title)));
    const output = defuse(own.startsWith(title) ? own.slice(title.length) : own).trimEnd();
    const overtime = timedOut ? `\n(ended after ${VERIFY_LIMIT_MS / 1000} s)` : "";
    return { command, passed: exitCode === 0, exitCode, durationMs, detail: `${output}${overtime}`.trimStart() };
  } catch (error) {
    // No bash, no sandbox, no workspace any more, a full disk.
    const detail = `it cannot be run: ${messageOf(error)}`;
    return { command, passed: false, exitCode: null, durationMs: null, detail };
  }
}
