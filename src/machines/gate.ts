import type { ChildProcessWithoutNullStreams, StdioOptions } from "node:child_process";
import { asExpected } from "../errors.ts";
import { startChild } from "../process/start-child.ts";
import type { Machine } from "./machine.ts";

// sshd refuses some of those who log in at once beyond ten, whoever they are.
const MOST_AT_ONCE = 4;
// A script that says nothing has long logged in.
const LOGIN_MS = 3_000;

const gates = new WeakMap<Machine, { busy: number; readonly waiting: (() => void)[] }>();

export interface SshStart {
  readonly program: string;
  readonly args: readonly string[];
  /** Without one: ssh's own words are dropped. */
  readonly stderr: boolean;
}

/**
 * Starts ssh as soon as few others are just logging in to the same machine. Without `stderr` the child's is null.
 * @throws AskCodexError `system` where this machine has no room for one more process
 */
export async function loggingIn(
  machine: Machine,
  { program, args, stderr }: SshStart,
): Promise<ChildProcessWithoutNullStreams> {
  const gate = gates.get(machine) ?? { busy: 0, waiting: [] };
  gates.set(machine, gate);
  if (gate.busy >= MOST_AT_ONCE) await new Promise<void>((resolve) => gate.waiting.push(resolve));
  else gate.busy += 1;
  const stdio: StdioOptions = ["pipe", "pipe", stderr ? "pipe" : "ignore"];
  const child = startChild(program, args, { stdio }) as ChildProcessWithoutNullStreams | Error;
  if (child instanceof Error) {
    leave();
    throw asExpected(child);
  }
  let isIn = false;
  const timer = setTimeout(enter, LOGIN_MS);
  child.stdout.once("data", enter);
  child.once("close", enter);
  // A program that cannot be started is heard of by its end.
  child.once("error", () => {});
  return child;

  // Who waits takes the place over.
  function enter() {
    if (isIn) return;
    isIn = true;
    clearTimeout(timer);
    leave();
  }

  function leave() {
    const next = gate.waiting.shift();
    if (next === undefined) gate.busy -= 1;
    else next();
  }
}
