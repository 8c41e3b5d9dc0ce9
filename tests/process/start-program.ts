import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { onTestFinished } from "vitest";
import { signalGroup, signalProcess } from "../../src/process/signal-group.ts";
import { findProcess, type ProcessEntry } from "../../src/process/table.ts";

export interface Started {
  readonly entry: ProcessEntry;
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  /** What it said first. */
  readonly line: string;
}

type Environment = Readonly<Record<string, string>>;

/** Starts a shell script in a process group of its own, and waits for its first line. */
export function startScript(script: string, env: Environment = {}): Promise<Started> {
  return startProgram("sh", ["-c", script], env);
}

/** Starts any program in a process group of its own, and waits for its first line. The group ends with the test. */
export async function startProgram(program: string, args: readonly string[], env: Environment = {}): Promise<Started> {
  const stdio = ["pipe", "pipe", "inherit"] as ["pipe", "pipe", "inherit"];
  const child = spawn(program, args, { stdio, detached: true, env: { ...process.env, ...env } });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} did not start`);
  onTestFinished(() => signalGroup(pid, "SIGKILL"));
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { entry: await recorded(pid), child, line };
}

/** Starts a program that starts a shell script in a session of its own; `leave` ends the program without it. */
export async function startDetached(script: string, env: Environment = {}) {
  const program = join(import.meta.dirname, "programs", "detach.mjs");
  const { child, entry, line } = await startProgram(process.execPath, [program, script], env);
  const pid = Number(line);
  onTestFinished(() => signalProcess(pid, "SIGKILL"));
  const leave = async () => {
    child.stdin.write("leave\n");
    await once(child, "exit");
  };
  return { parent: entry, detached: await recorded(pid), leave };
}

async function recorded(pid: number): Promise<ProcessEntry> {
  const entry = await findProcess(pid);
  if (entry === undefined) throw new Error(`process ${pid} is gone`);
  return entry;
}
