import { readdir, readFile, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { enqueue } from "../../../src/broker/store/enqueue.ts";
import { readQueue } from "../../../src/broker/store/message.ts";
import { PLAIN } from "../../../src/broker/store/plain-options.ts";
import { countQueue, isQueued } from "../../../src/broker/store/queue.ts";
import { tempFolder } from "../../support/temp-folder.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A queue, and a way to put something into it at a time of the clock. */
async function newQueue() {
  const folder = await tempFolder();
  const queue = join(folder.path, "queue");
  const put = async (message: string, mode: "queue" | "interrupt" | "steer" = "queue", at?: string) => {
    if (at !== undefined) vi.useFakeTimers({ toFake: ["Date"], now: new Date(at) });
    await enqueue(queue, { message_id: `id-${message}`, message, mode, key: null, options: PLAIN });
  };
  const order = async () => (await readQueue(queue)).waiting.map(({ message }) => message);
  return { queue, put, order, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test("messages wait in the order they came; one that interrupts goes before all others", async () => {
  await using queue = await newQueue();
  for (const message of ["1", "2", "3"]) await queue.put(message);
  await queue.put("first", "interrupt");
  await queue.put("4");
  await queue.put("before that", "interrupt");
  await queue.put("5", "steer");
  expect(await queue.order()).toEqual(["before that", "first", "1", "2", "3", "4", "5"]);
  expect(await countQueue(queue.queue)).toBe(7);
});

test.each([
  { name: "stands still", clock: ["2026-01-01", "2026-01-01", "2026-01-01"] },
  { name: "goes backwards", clock: ["2026-01-01", "2025-01-01", "1999-01-01"] },
  { name: "is back at its beginning", clock: ["2026-01-01", "1970-01-01", "1970-01-01"] },
  { name: "jumps ahead and back", clock: ["2026-01-01", "2099-01-01", "2026-01-02"] },
])("a clock that $name does not change the order", async ({ clock }) => {
  await using queue = await newQueue();
  for (const [index, at] of clock.entries()) await queue.put(String(index), "queue", at);
  expect(await queue.order()).toEqual(["0", "1", "2"]);
  await queue.put("first", "interrupt", "2120-01-01");
  await queue.put("before that", "interrupt", "2026-01-01");
  expect(await queue.order()).toEqual(["before that", "first", "0", "1", "2"]);
});

test("a message is written whole, for its owner alone, and found by its id", async () => {
  await using queue = await newQueue();
  const text = '\n\n "quoted" \u2028 ünïcode\r\n';
  await queue.put(text);
  await queue.put("other");
  const [name = "", ...rest] = (await readdir(queue.queue)).sort();
  expect(rest).toHaveLength(1);
  expect((await stat(join(queue.queue, name))).mode & 0o777).toBe(0o600);
  expect((await stat(queue.queue)).mode & 0o777).toBe(0o700);
  const item = JSON.parse(await readFile(join(queue.queue, name), "utf8"));
  expect(item).toMatchObject({ message: text, interrupt: false, created_at: expect.stringMatching(/Z$/) });
  expect(await isQueued(queue.queue, "id-other")).toBe(true);
  expect(await isQueued(queue.queue, "other")).toBe(true);
  expect(await isQueued(queue.queue, "nobody")).toBe(false);
});

test("what cannot be read is named, stays, and does not hide what comes behind it; what is none is passed over", async () => {
  await using queue = await newQueue();
  await queue.put("1");
  const damaged = join(queue.queue, "000000000000001-1-damaged.json");
  const foreign = join(queue.queue, "000000000000002-1-foreign.json");
  await writeFile(damaged, '{"message": "tor');
  await writeFile(foreign, '{"message": "x"}');
  for (const name of ["notes.txt", ".0123.tmp", "1-1-x.json", `${damaged.split("/").at(-1)}.damaged`])
    await writeFile(join(queue.queue, name), "{}");
  expect(await readQueue(queue.queue)).toMatchObject({ waiting: [{ message: "1" }], damaged: [damaged, foreign] });
  expect(await countQueue(queue.queue)).toBe(3);
});

test("a queue that is not there is empty", async () => {
  await using queue = await newQueue();
  expect(await readQueue(queue.queue)).toEqual({ waiting: [], damaged: [] });
  expect(await countQueue(queue.queue)).toBe(0);
});

test("a session whose journal is full takes no message: none of it may be left out", async () => {
  await using queue = await newQueue();
  const journal = join(queue.queue, "..", "events.jsonl");
  await writeFile(journal, "");
  await truncate(journal, 31_999_999);
  await queue.put("fits");
  await truncate(journal, 32_000_000);
  await expect(queue.put("too much")).rejects.toThrow("journal is full");
  expect(await queue.order()).toEqual(["fits"]);
});
