import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { openJournal } from "../../src/files/journal.ts";
import { canMount, smallDisk } from "../support/machine/small-disk.ts";
import { tempFolder } from "../support/temp-folder.ts";

interface Line {
  readonly timestamp: string;
  readonly type: string;
  readonly payload: { readonly writer: string; readonly index: number; readonly text: string };
}

async function linesOf(path: string): Promise<Line[]> {
  const text = await readFile(path, "utf8");
  expect(text.endsWith("\n")).toBe(true);
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** A real process that appends to a journal and dies by SIGKILL right after the last event; it waits for a word. */
async function startWriter(program: string, ...args: string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

async function compileWriter(folder: string): Promise<string> {
  const outfile = join(folder, "append-events.mjs");
  const entry = join(import.meta.dirname, "programs", "append-events.ts");
  await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  return outfile;
}

test("an event says what happened and when, one JSON object a line, and is on disk when append returns", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "events.jsonl");
  const journal = openJournal(path);
  onTestFinished(() => journal.close());
  journal.append("thread_opened", { id: "a\nb" });
  const [first] = await linesOf(path);
  expect(first).toEqual({ timestamp: expect.any(String), type: "thread_opened", payload: { id: "a\nb" } });
  expect(new Date(first?.timestamp ?? "").toISOString()).toBe(first?.timestamp);
  journal.append("done");
  expect(await linesOf(path)).toEqual([first, { timestamp: expect.any(String), type: "done", payload: {} }]);
});

test("events go to every copy as well, alike", async () => {
  await using temp = await tempFolder();
  const folder = temp.path;
  const [path, copy, other] = [join(folder, "a.jsonl"), join(folder, "b.jsonl"), join(folder, "c.jsonl")];
  const journal = openJournal(path);
  onTestFinished(() => journal.close());
  journal.copyTo(copy);
  journal.append("one");
  journal.copyTo(other);
  journal.append("two");
  const text = await readFile(path, "utf8");
  expect(text.split("\n")).toHaveLength(3);
  expect(await readFile(copy, "utf8")).toBe(text);
  expect(await readFile(other, "utf8")).toBe(text);
});

test("a journal is the owner's alone, and one that is there already is continued", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "events.jsonl");
  for (const type of ["first", "second"]) {
    const journal = openJournal(path);
    journal.append(type);
    journal.close();
  }
  expect((await linesOf(path)).map(({ type }) => type)).toEqual(["first", "second"]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test("a journal that cannot be opened says so at once", async () => {
  await using temp = await tempFolder();
  const folder = temp.path;
  await writeFile(join(folder, "file"), "");
  expect(() => openJournal(join(folder, "file", "events.jsonl"))).toThrow(expect.objectContaining({ code: "ENOTDIR" }));
});

test("a line that was cut off stays a line of its own, and what comes after it is whole", async () => {
  await using temp = await tempFolder();
  const path = join(temp.path, "events.jsonl");
  await writeFile(path, '{"timestamp":"2026","type":"whole","payload":{}}\n{"timestamp":"20');
  const journal = openJournal(path, { durable: true });
  onTestFinished(() => journal.close());
  const events = [journal.append("one"), journal.append("two")];
  const lines = (await readFile(path, "utf8")).split("\n");
  expect(lines.slice(1)).toEqual(['{"timestamp":"20', ...events.map((event) => JSON.stringify(event)), ""]);
});

test.runIf(canMount)(
  "a line that a full disk takes only in part is refused, and the next one begins anew",
  async () => {
    await using temp = await tempFolder();
    await using disk = await smallDisk(temp.path);
    const path = join(disk.path, "events.jsonl");
    const journal = openJournal(path, { durable: true });
    // Before the disk is taken away.
    using _closing = { [Symbol.dispose]: () => journal.close() };
    const first = journal.append("first");
    disk.fill();
    // More than the rest of the page that the journal has already.
    expect(() => journal.append("long", { text: "x".repeat(10_000) })).toThrow(
      expect.objectContaining({ code: "ENOSPC" }),
    );
    await rm(join(disk.path, "ballast"));
    const last = journal.append("last");
    const lines = (await readFile(path, "utf8")).split("\n");
    expect(lines).toEqual([JSON.stringify(first), expect.stringMatching(/"long".*x$/), JSON.stringify(last), ""]);
    expect(() => JSON.parse(lines[1] ?? "")).toThrow();
  },
);

test("a journal may be closed twice", async () => {
  await using temp = await tempFolder();
  const journal = openJournal(join(temp.path, "events.jsonl"));
  journal.close();
  expect(() => journal.close()).not.toThrow();
});

test("every event of a process that is killed right after it is there", async () => {
  await using temp = await tempFolder();
  const folder = temp.path;
  const path = join(folder, "events.jsonl");
  const writer = await startWriter(await compileWriter(folder), path, "x", "200", "1");
  writer.stdin?.write("go");
  expect(await once(writer, "exit")).toEqual([null, "SIGKILL"]);
  const lines = await linesOf(path);
  expect(lines.map(({ payload }) => payload.index)).toEqual(Array.from({ length: 200 }, (_, index) => index));
});

test("two processes that append to one journal at the same time keep their lines whole", async () => {
  await using temp = await tempFolder();
  const folder = temp.path;
  const [path, program] = [join(folder, "events.jsonl"), await compileWriter(folder)];
  const names = ["a", "b"];
  const writers = await Promise.all(names.map((name) => startWriter(program, path, name, "1000", "9000")));
  const ended = writers.map((writer) => once(writer, "exit"));
  for (const writer of writers) writer.stdin?.write("go");
  await Promise.all(ended);
  const lines = await linesOf(path);
  for (const name of names) {
    const own = lines.filter(({ payload }) => payload.writer === name);
    expect(own.map(({ payload }) => payload.index)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
    expect(own.every(({ payload }) => payload.text === name.repeat(payload.text.length))).toBe(true);
  }
});
