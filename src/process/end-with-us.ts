import type { ChildProcess } from "node:child_process";

/**
 * Ends a child when we exit, or when a signal ends us that nothing in this program listens to. A program that listens to signals ends its
 * children itself. (Killed with SIGKILL, we can end nothing.)
 */
export function endWithUs(child: ChildProcess): void {
  if (child.pid === undefined) return;
  if (children.size === 0) listen();
  children.add(child);
  child.once("exit", () => {
    children.delete(child);
    if (children.size === 0) stopListening();
  });
}

const children = new Set<ChildProcess>();
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function listen(): void {
  process.on("exit", endAll);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function stopListening(): void {
  process.off("exit", endAll);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endAll();
  stopListening();
  // Without a listener the signal does what it would have done.
  process.kill(process.pid, signal);
}

function endAll(): void {
  for (const child of children) child.kill("SIGTERM");
}
