import type { ChildProcessWithoutNullStreams, StdioOptions } from "node:child_process";
import { once } from "node:events";
import { startChild } from "../process/start-child.ts";
import type { Machine } from "./machine.ts";

// sshd refuses some of more than ten logins at once.
const MOST_AT_ONCE = 4;
// A script that says nothing has long logged in.
const LOGIN_MS = 3_000;

interface Gate {
  busy: number;
  readonly waiting: (() => void)[];
}

const gates = new WeakMap<Machine, Gate>();

export interface SshStart {
  readonly program: string;
  readonly args: readonly string[];
  /** Without one: ssh's own words are dropped. */
  readonly stderr: boolean;
}

/**
 * Starts ssh as soon as few others are just logging in to the same machine. Without `stderr` the child's is null.
 * @throws what kept ssh from being started here, as Node names it
 */
export async function loggingIn(
  machine: Machine,
  { program, args, stderr }: SshStart,
): Promise<ChildProcessWithoutNullStreams> {
  const leave = await enter(machine);
  const stdio: StdioOptions = ["pipe", "pipe", stderr ? "pipe" : "ignore"];
  const child = startChild(program, args, { stdio }) as ChildProcessWithoutNullStreams | Error;
  try {
    if (child instanceof Error) throw child;
    await once(child, "spawn");
  } catch (error) {
    leave();
    throw error;
  }
  let isIn = false;
  const timer = setTimeout(isInNow, LOGIN_MS);
  child.stdout.once("data", isInNow);
  child.once("close", isInNow);
  return child;

  function isInNow() {
    if (isIn) return;
    isIn = true;
    clearTimeout(timer);
    leave();
  }
}

/** The same for a login that is not started here: it is over when `act` is. */
export async function whileLoggingIn<T>(machine: Machine, act: () => Promise<T>): Promise<T> {
  const leave = await enter(machine);
  try {
    return await act();
  } finally {
    leave();
  }
}

async function enter(machine: Machine): Promise<() => void> {
  const gate = gates.get(machine) ?? { busy: 0, waiting: [] };
  gates.set(machine, gate);
  if (gate.busy >= MOST_AT_ONCE) await new Promise<void>((resolve) => gate.waiting.push(resolve));
  else gate.busy += 1;
  // Who waits takes the place over.
  return () => {
    const next = gate.waiting.shift();
    if (next === undefined) gate.busy -= 1;
    else next();
  };
}
