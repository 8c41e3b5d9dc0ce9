import { expect, test } from "vitest";
import { parseSessionEvent } from "../../../src/broker/store/session-event.ts";
import { AT, event } from "../../support/samples/session.ts";

const stopped = event("worker_stopped", { reason: "linger" });
const line = JSON.stringify(stopped);

test("an event is read as it was written, with what a later version adds left out", () => {
  expect(parseSessionEvent(line)).toEqual(stopped);
  const more = { ...stopped, payload: { reason: "linger", more: 1 }, beside: true };
  expect(parseSessionEvent(JSON.stringify(more))).toEqual(stopped);
});

test.each([
  { name: "a line that was cut off", json: line.slice(0, -5) },
  { name: "two that ran into each other", json: line + line },
  { name: "an empty one", json: "" },
  { name: "zeros, as a lost machine leaves them", json: "\0".repeat(20) },
  { name: "no object", json: "null" },
  { name: "a list", json: "[]" },
  { name: "a kind that we do not know", json: JSON.stringify({ timestamp: AT, type: "brand_new", payload: {} }) },
  { name: "a kind that every object has", json: JSON.stringify({ timestamp: AT, type: "toString", payload: {} }) },
  { name: "a kind of nobody's", json: JSON.stringify({ timestamp: AT, type: "__proto__", payload: {} }) },
  { name: "a payload of another kind", json: JSON.stringify({ ...stopped, payload: { pid: 1 } }) },
  { name: "no payload", json: JSON.stringify({ timestamp: AT, type: "worker_stopped" }) },
  { name: "no time", json: JSON.stringify({ type: "worker_stopped", payload: { reason: "linger" } }) },
])("what is none is told from one: $name", ({ json }) => {
  expect(parseSessionEvent(json)).toBeNull();
});
