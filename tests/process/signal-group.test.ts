import { once } from "node:events";
import { expect, test } from "vitest";
import { signalGroup, signalProcess } from "../../src/process/signal-group.ts";
import { startScript } from "./start-program.ts";

test("a signal to a group reaches everyone in it", async () => {
  const { child, entry } = await startScript("sleep 1000 & echo ready; wait");
  // Both hold the pipe open: it ends when the last of them does.
  const [exit] = await Promise.all([
    once(child, "exit"),
    once(child.stdout, "end"),
    Promise.resolve().then(() => signalGroup(entry.group, "SIGTERM")),
  ]);
  expect(exit).toEqual([null, "SIGTERM"]);
});

test("a signal to a process leaves the others of its group alone", async () => {
  const { child, line } = await startScript("sleep 1000 & echo $!; wait; echo on; read word");
  const next = once(child.stdout, "data");
  signalProcess(Number(line), "SIGTERM");
  expect(String((await next)[0])).toBe("on\n");
  expect(child.exitCode).toBeNull();
});

test("whoever is already gone counts as done", async () => {
  const { child, entry } = await startScript("echo ready; read word");
  child.stdin.write("go\n");
  await once(child, "exit");
  expect(() => signalGroup(entry.group, "SIGKILL")).not.toThrow();
  expect(() => signalProcess(entry.pid, "SIGKILL")).not.toThrow();
});

test("any other failure is told", () => {
  expect(() => signalProcess(process.pid, "SIGNONE" as NodeJS.Signals)).toThrow(
    expect.objectContaining({ code: "ERR_UNKNOWN_SIGNAL" }),
  );
});
