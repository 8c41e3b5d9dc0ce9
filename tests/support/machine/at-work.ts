import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { type Asking, ask } from "../ask.ts";
import { startBatch } from "../model/batches.ts";
import { until } from "../until.ts";
import type { World } from "../world.ts";
import type { SshMachine } from "./sshd.ts";

// The last ones only clear up.
const GRACE_MS = 20_000;
export const FILES = { "a.txt": "a\n" };

/** Starts a batch whose one task runs for ever, and resolves when its command does. */
export async function atWork(world: World, box: SshMachine, flags: readonly string[] = []): Promise<Asking> {
  const asking = startBatch(world, { tasks: [{ id: "long", prompt: "RUN: echo begun > begun.txt; sleep 300" }] }, [
    ...["--on", "box", ...flags],
  ]);
  await until(async () => {
    const [run] = await readdir(box.folder).catch(() => []);
    if (run === undefined || run.startsWith("look-")) return undefined;
    return readFile(join(box.folder, run, "tree", "begun.txt"), "utf8").catch(() => undefined);
  });
  return asking;
}

export async function pidsOf(box: SshMachine, what: string): Promise<readonly number[]> {
  return (await box.processes()).filter(({ command }) => command.includes(what)).map(({ pid }) => pid);
}

/** The exec-servers themselves: the shells around one have its words in theirs, and a login shell that is stopped stays so. */
export async function serversOf(box: SshMachine): Promise<readonly number[]> {
  const serving = (await box.processes()).filter(({ command }) => command.includes("exec-server --listen"));
  return serving.filter(({ command }) => !command.includes("umask")).map(({ pid }) => pid);
}

export async function nothingThere(box: SshMachine): Promise<void> {
  await until(async () => ((await readdir(box.folder)).length === 0 ? true : undefined));
  expect(await box.processes(GRACE_MS)).toEqual([]);
}

export async function machineLine(world: World): Promise<string | undefined> {
  const { stdout } = await ask(world, ["batch", "status"]);
  return /^machine=(.*)$/m.exec(stdout)?.[1];
}
