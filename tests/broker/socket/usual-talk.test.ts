import { expect, test } from "vitest";
import { deliveries, sessionStatus } from "../../../src/broker/socket/protocol.ts";
import { usualDelivery, usualStatus } from "../../../src/broker/socket/usual-talk.ts";
import { fullState } from "../../support/samples/sessions.ts";

const live = {
  ...{
    phase: "idle",
    last_event: "run_finished",
    last_event_age: 1.5,
    running_command: null,
    last_command: "ls",
    tokens: 7,
  },
  plan: [{ step: "one", status: "done" }],
  delegations: [],
};
const status = { state: { ...fullState, open_requests: [], orchestration: null }, live };

test("a usual status is taken as the schema takes it", () => {
  expect(usualStatus(status)).toEqual(sessionStatus.parse(status));
});

test.each([
  { ...status, live: null },
  { ...status, live: { ...live, phase: 1 } },
  { ...status, live: { ...live, tokens: "7" } },
  { ...status, live: { ...live, plan: [{ step: "one" }] } },
  { ...status, live: { ...live, delegations: "none" } },
  { ...status, state: { ...status.state, status: 1 } },
  null,
])("%j is not usual, nor fits the schema", (value) => {
  expect(usualStatus(value)).toBeNull();
  expect(sessionStatus.safeParse(value).success).toBe(false);
});

test.each([
  { value: { delivered: "started", pending_count: 1 }, fits: true },
  { value: { delivered: "eaten", pending_count: 1 }, fits: false },
  { value: { delivered: "queued", pending_count: "1" }, fits: false },
  { value: null, fits: false },
])("$value is a delivery: $fits", ({ value, fits }) => {
  expect(usualDelivery(value) !== null).toBe(fits);
  expect(deliveries.safeParse(value).success).toBe(fits);
});

test("a worker that names no last command is left to the schema, which takes it for none", () => {
  const { last_command: _, ...older } = live;
  expect(usualStatus({ ...status, live: older })).toBeNull();
  expect(sessionStatus.parse({ ...status, live: older }).live.last_command).toBeNull();
});
