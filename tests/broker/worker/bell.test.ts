import { expect, test } from "vitest";
import { Bell } from "../../../src/broker/worker/bell.ts";

/** Whether it has been heard, once everything that was under way is done. */
async function isHeard(hearing: Promise<void>): Promise<boolean> {
  let heard = false;
  void hearing.then(() => {
    heard = true;
  });
  await new Promise((done) => setImmediate(done));
  return heard;
}

const LONG = 1_000_000;

test("a ring wakes the one who waits, and only once", async () => {
  const bell = new Bell();
  const first = bell.heard(LONG);
  expect(await isHeard(first)).toBe(false);
  bell.ring();
  expect(await isHeard(first)).toBe(true);
  const second = bell.heard(LONG);
  expect(await isHeard(second)).toBe(false);
  bell.ring();
  await second;
});

test("a ring that nobody waited for wakes the next to do so; many of them are one", async () => {
  const bell = new Bell();
  bell.ring();
  bell.ring();
  expect(await isHeard(bell.heard(LONG))).toBe(true);
  const next = bell.heard(LONG);
  expect(await isHeard(next)).toBe(false);
  bell.ring();
  await next;
});

test("a ring between the waking and the next wait is not lost", async () => {
  const bell = new Bell();
  const waiting = bell.heard(LONG);
  bell.ring();
  await waiting;
  bell.ring();
  expect(await isHeard(bell.heard(LONG))).toBe(true);
});

test("without a ring the time wakes, also one that is longer than timers can be", async () => {
  const bell = new Bell();
  await bell.heard(5);
  const forEver = bell.heard(Number.MAX_SAFE_INTEGER);
  expect(await isHeard(forEver)).toBe(false);
  bell.ring();
  await forEver;
});
