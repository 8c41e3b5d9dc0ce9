import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { Machine } from "./machine.ts";

// sshd refuses some of those who log in at once beyond ten, whoever they are.
const MOST_AT_ONCE = 4;
// A script that says nothing has long logged in.
const LOGIN_MS = 3_000;

const gates = new WeakMap<Machine, { busy: number; readonly waiting: (() => void)[] }>();

/** Starts ssh as soon as few others are just logging in to the same machine. */
export async function loggingIn<Child extends ChildProcess & { readonly stdout: Readable }>(
  machine: Machine,
  start: () => Child,
): Promise<Child> {
  const gate = gates.get(machine) ?? { busy: 0, waiting: [] };
  gates.set(machine, gate);
  if (gate.busy >= MOST_AT_ONCE) await new Promise<void>((resolve) => gate.waiting.push(resolve));
  else gate.busy += 1;
  const child = start();
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
    const next = gate.waiting.shift();
    if (next === undefined) gate.busy -= 1;
    else next();
  }
}
