import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, test } from "vitest";
import { descendantsOf, endProcesses, processesMarked } from "../../src/process/end-processes.ts";
import { isAlive, type ProcessEntry } from "../../src/process/table.ts";
import { startDetached, startScript } from "./start-program.ts";

const WAIT = "echo ready; read word";
/** Nothing but SIGKILL ends it; it needs no stdin. */
const STUBBORN = "trap '' TERM; echo ready; exec sleep 1000";

function pidsOf(processes: readonly ProcessEntry[]): readonly number[] {
  return processes.map(({ pid }) => pid).sort((a, b) => a - b);
}

test("a process is asked to leave before it is made to", async () => {
  const { child, entry } = await startScript(WAIT);
  const exited = once(child, "exit");
  expect(await endProcesses([entry])).toEqual([]);
  expect(await exited).toEqual([null, "SIGTERM"]);
});

test("when it is urgent, nobody is asked", async () => {
  const { child, entry } = await startScript(WAIT);
  const exited = once(child, "exit");
  expect(await endProcesses([entry], { urgent: true })).toEqual([]);
  expect(await exited).toEqual([null, "SIGKILL"]);
});

test("a process that ignores SIGTERM is killed", async () => {
  const { child, entry } = await startScript(STUBBORN);
  const exited = once(child, "exit");
  expect(await endProcesses([entry])).toEqual([]);
  expect(await exited).toEqual([null, "SIGKILL"]);
});

test("nothing but the processes named is touched, not even their parents, children and siblings", async () => {
  const [one, other] = await Promise.all([startScript(WAIT), startScript(WAIT)]);
  const family = await startScript("sleep 1000 & echo $!; read word");
  const [child] = await descendantsOf(family.entry.pid);
  expect(child?.pid).toBe(Number(family.line));
  expect(await endProcesses([one.entry, ...(child ? [child] : [])])).toEqual([]);
  expect(
    await Promise.all([one.entry, child, other.entry, family.entry].map((entry) => entry && isAlive(entry))),
  ).toEqual([false, false, true, true]);
});

test("a process that was given the pid of a recorded one is not signalled", async () => {
  const { child, entry } = await startScript(WAIT);
  const exited = once(child, "exit");
  expect(await endProcesses([{ ...entry, startedAt: "1" }])).toEqual([]);
  child.stdin.write("go\n");
  expect(await exited).toEqual([0, null]);
});

test("who is gone already needs no ending", async () => {
  const { child, entry } = await startScript("echo ready; read word");
  child.stdin.write("go\n");
  await once(child, "exit");
  expect(await endProcesses([entry])).toEqual([]);
  expect(await endProcesses([])).toEqual([]);
});

test("descendants are found through every generation and in sessions of their own, and end", async () => {
  const { parent, detached } = await startDetached("trap '' TERM; sleep 1000 & echo ready; wait");
  expect(detached.group).not.toBe(parent.group);
  const found = await descendantsOf(parent.pid);
  const [grandchild] = found.filter((entry) => entry.parent === detached.pid);
  expect(pidsOf(found)).toEqual(pidsOf([detached, ...(grandchild ? [grandchild] : [])]));
  expect(found).toHaveLength(2);
  expect(await endProcesses(found)).toEqual([]);
  expect(await Promise.all([...found, parent].map(isAlive))).toEqual([false, false, true]);
});

test("a process without children has no descendants, nor has one that is not there", async () => {
  const { child, entry } = await startScript(WAIT);
  expect(await descendantsOf(entry.pid)).toEqual([]);
  child.stdin.write("go\n");
  await once(child, "exit");
  expect(await descendantsOf(entry.pid)).toEqual([]);
});

test.runIf(process.platform === "linux")(
  "what has left its parent and its group is found by its mark, and ends",
  async () => {
    const mark = randomUUID();
    const { parent, detached, leave } = await startDetached(STUBBORN, { ASK_CODEX_TEST: mark });
    await leave();
    expect(await isAlive(parent)).toBe(false);
    expect(await descendantsOf(parent.pid)).toEqual([]);
    const found = await processesMarked("ASK_CODEX_TEST", mark);
    expect(pidsOf(found)).toEqual([detached.pid]);
    expect(await endProcesses(found)).toEqual([]);
    expect(await isAlive(detached)).toBe(false);
    expect(await processesMarked("ASK_CODEX_TEST", mark)).toEqual([]);
  },
);

test.runIf(process.platform === "linux").each([
  { name: "another value that begins alike", variable: "ASK_CODEX_TEST", before: "", after: "0" },
  { name: "another value that ends alike", variable: "ASK_CODEX_TEST", before: "0", after: "" },
  { name: "another variable that ends alike", variable: "NO_ASK_CODEX_TEST", before: "", after: "" },
  { name: "the mark inside another value", variable: "LAST", before: "env ASK_CODEX_TEST=", after: "" },
])("only the very mark counts, not $name", async ({ variable, before, after }) => {
  const mark = randomUUID();
  await startScript(WAIT, { [variable]: `${before}${mark}${after}` });
  expect(await processesMarked("ASK_CODEX_TEST", mark)).toEqual([]);
});
