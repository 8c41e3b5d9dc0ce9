import { AskCodexError, messageOf } from "../errors.ts";
import { type CheckOptions, type CheckRun, runCheck } from "../process/run-check.ts";
import type { Machine } from "./machine.ts";
import { CHECK } from "./scripts.ts";
import { sshWords } from "./ssh.ts";

export interface CheckThereOptions extends Pick<CheckOptions, "env" | "limitMs" | "outputPath" | "signal"> {
  readonly machine: Machine;
  readonly runId: string;
  /** A folder here, and the one over there that the command runs in. */
  readonly here: string;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly lose: () => void;
}

/**
 * Runs a check over there as `runCheck` does here. What it leaves there ends with the run.
 * @throws AskCodexError `machine_lost` when ssh ends before the command does
 */
export async function checkThere(command: string, options: CheckThereOptions): Promise<CheckRun> {
  const { machine, runId, here, cwd, variables, lose, ...check } = options;
  const words = sshWords(machine);
  const path = machine.path.length === 0 ? [] : [`PATH=${machine.path.join(":")}`];
  const values = [...path, ...Object.entries(variables).map(([name, value]) => `${name}=${value}`)];
  const launcher = ["bash", "-c", CHECK, "bash", runId, cwd, ...counted(words), ...counted(values)];
  let run: CheckRun;
  try {
    run = await runCheck(command, { ...check, cwd: here, launcher });
  } catch (error) {
    throw lost(messageOf(error));
  }
  // What ssh itself ends with; a command that does is called a loss as well, rather than the other way round.
  if (run.exitCode === 255) throw lost(run.outputTail);
  return run;

  function lost(why: string): AskCodexError {
    lose();
    return new AskCodexError("machine_lost", `the machine ${machine.name} did not finish a check: ${why}`);
  }
}

function counted(words: readonly string[]): readonly string[] {
  return [String(words.length), ...words];
}
