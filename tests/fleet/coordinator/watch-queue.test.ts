import { expect, test } from "vitest";
import { outcomeOf } from "../../../src/fleet/coordinator/watch-queue.ts";
import { seal } from "../../../src/fleet/seal/envelope.ts";
import { ANSWER, type Answer, MOST_ANSWER, sealAs } from "../../../src/fleet/wire/offer.ts";

const KEY = { secret: Buffer.alloc(32, 1), name: "0011223344556677" };
const PLACE = { batch: "b", of: "t.1" };
const LABEL = { ...PLACE, kind: "answer" };
const DONE: Answer = { type: "done", attempt: "t.1", worker: "w", patch: "", work: null };
const outcome = (result: Buffer) => outcomeOf(KEY, PLACE, { id: "t.1", state: "finished", result });

test("an answer is taken when it was sealed with our key for this attempt", () => {
  expect(outcome(sealAs(KEY, ANSWER, PLACE, DONE))).toEqual({ type: "answer", answer: DONE });
});

test("an answer without our key, or moved from another attempt, counts for nothing: the task is offered again", () => {
  const lost = { type: "lost", why: "its answer was not sealed with this key" };
  expect(outcome(sealAs({ ...KEY, secret: Buffer.alloc(32) }, ANSWER, PLACE, DONE))).toEqual(lost);
  expect(outcome(sealAs(KEY, ANSWER, { ...PLACE, of: "t.2" }, { ...DONE, attempt: "t.2" }))).toEqual(lost);
});

test("an answer with our key that is too large, of another kind, or says another attempt fails the task by name", () => {
  const why = (result: Buffer) => outcome(result);
  const failed = (what: RegExp) => ({ type: "answer", answer: { type: "failed", why: expect.stringMatching(what) } });
  expect(why(seal(KEY, LABEL, Buffer.alloc(MOST_ANSWER + 1)))).toMatchObject(failed(/is larger than 33554432 bytes/));
  expect(why(seal(KEY, LABEL, Buffer.from('{"type":"new"}')))).toMatchObject(failed(/^its answer is refused: /));
  expect(why(sealAs(KEY, ANSWER, PLACE, { ...DONE, attempt: "t.2" }))).toMatchObject(failed(/another attempt's/));
});
