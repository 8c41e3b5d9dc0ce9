import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readPipe } from "../../../src/cli/edge/read-pipe.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

const PATIENCE = { firstMs: 2_000, restMs: 300_000 };

test("all that comes before the end is read", async () => {
  const stream = new PassThrough();
  const reading = readPipe(stream, PATIENCE);
  stream.write("one ");
  stream.end("two");
  expect(await reading).toEqual({ type: "whole", bytes: Buffer.from("one two") });
});

test("a pipe without a byte and without an end is silent, and is let go", async () => {
  const stream = new PassThrough();
  const reading = readPipe(stream, PATIENCE);
  vi.advanceTimersByTime(2_000);
  expect(await reading).toEqual({ type: "silent", bytes: Buffer.alloc(0) });
  expect(stream.destroyed).toBe(true);
});

test("one that begins in time may rest for long, and stalls when it rests for longer", async () => {
  const stream = new PassThrough();
  const reading = readPipe(stream, PATIENCE);
  for (const part of ["a", "b"]) {
    const came = new Promise((resolve) => stream.once("data", resolve));
    stream.write(part);
    await came;
    vi.advanceTimersByTime(299_999);
  }
  vi.advanceTimersByTime(1);
  expect(await reading).toEqual({ type: "stalled", bytes: Buffer.from("ab") });
});

test("an end at once is whole and empty", async () => {
  const stream = new PassThrough();
  stream.end();
  expect(await readPipe(stream, PATIENCE)).toEqual({ type: "whole", bytes: Buffer.alloc(0) });
});
