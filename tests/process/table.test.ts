import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { findProcess, isAlive, readProcessTable } from "../../src/process/table.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { startProgram, startScript } from "./start-program.ts";

const WAIT = "echo ready; read word";

// Both ways on every system that has both: what macOS does is seen to work on Linux too.
const ways = [
  { way: "the system's own way", platform: process.platform, there: true },
  { way: "ps", platform: "darwin", there: spawnSync("ps", ["-p", String(process.pid)]).status === 0 },
];

describe.each(ways.filter(({ there }) => there))("by $way", ({ platform }) => {
  function asOn() {
    const own = process.platform;
    Object.defineProperty(process, "platform", { value: platform });
    onTestFinished(() => void Object.defineProperty(process, "platform", { value: own }));
  }

  test("the table has this process and its parent, and each one once", async () => {
    asOn();
    const table = await readProcessTable();
    expect(table.filter(({ pid }) => pid === process.pid)).toEqual([await findProcess(process.pid)]);
    expect(await findProcess(process.pid)).toMatchObject({ pid: process.pid, parent: process.ppid, zombie: false });
    expect(new Set(table.map(({ pid }) => pid)).size).toBe(table.length);
  });

  test("a child is found with its parent and its group, whatever it is called", async () => {
    asOn();
    await using temp = await tempFolder();
    const program = join(temp.path, "a) Z 1 1 (b");
    await writeFile(program, `#!/bin/sh\n${WAIT}\n`);
    await chmod(program, 0o755);
    const { child, entry } = await startProgram(program, []);
    expect(entry).toEqual({
      pid: child.pid,
      parent: process.pid,
      group: child.pid,
      startedAt: expect.stringMatching(/\d/),
      zombie: false,
    });
    expect(await readProcessTable()).toContainEqual(entry);
  });

  test("a process that has ended is no longer there, and no longer alive", async () => {
    asOn();
    const { child, entry } = await startScript(WAIT);
    expect(await isAlive(entry)).toBe(true);
    child.stdin.write("go\n");
    await once(child, "exit");
    expect(await findProcess(entry.pid)).toBeUndefined();
    expect(await isAlive(entry)).toBe(false);
  });

  test("a zombie is in the table, and is not alive", async () => {
    asOn();
    const { line } = await startProgram(process.execPath, [join(import.meta.dirname, "programs", "keep-zombie.mjs")]);
    const zombie = await vi.waitUntil(
      async () => {
        const found = await findProcess(Number(line));
        return found?.zombie && found;
      },
      { timeout: 30_000, interval: 5 },
    );
    expect(await isAlive(zombie)).toBe(false);
  });

  test("another process that was given the same pid is not the one that was recorded", async () => {
    asOn();
    const { entry } = await startScript(WAIT);
    expect(await isAlive({ ...entry, startedAt: "0" })).toBe(false);
    expect(await isAlive(entry)).toBe(true);
  });
});
