import { expect, test } from "vitest";
import { plainLine } from "../../../src/cli/watch/plain.ts";
import type { Watched } from "../../../src/cli/watch/session.ts";
import { asks, ID, NOW, questionLike, runningLike, watchedLike } from "./watched-like.ts";

const damaged: Watched = { folder: `/state/sessions/${ID}`, at: NOW, type: "damaged", reason: "not JSON\nat all" };

test.each<{ name: string; session: Watched; line: string }>([
  {
    name: "what runs, with what waits behind it",
    session: runningLike({ state: { name: "painter", pending_count: 3 } }),
    line: 'running running name=painter queue=2 command="npm test"',
  },
  {
    name: "how far a plan is",
    session: runningLike({
      live: { running_command: null, phase: "thinking", plan: [{ step: "Look", status: "completed" }] },
    }),
    line: "running thinking plan=1/1",
  },
  {
    name: "how the last run ended",
    session: watchedLike({ state: { status: "attention_required", last_run_status: "error", error_kind: "auth" } }),
    line: 'attention_required idle last_run=error error_kind=auth wants="the last run: error, auth"',
  },
  {
    name: "a question, on one line whatever is in it",
    session: watchedLike({ state: asks([questionLike("q", 'Which\n"colour"\u001b[2J?')]), live: { phase: "asking" } }),
    line: 'waiting_input asking wants="asks: Which \\"colour\\"?"',
  },
  {
    name: "a phase of several words as one",
    session: watchedLike({ live: { phase: "waiting for approval" }, state: { status: "running", run_id: "r" } }),
    line: "running waiting_for_approval",
  },
  {
    name: "that nobody works on it",
    session: watchedLike({ state: { status: "queued", pending_count: 1 }, live: null, worker: "none" }),
    line: "queued - worker=none queue=1",
  },
  { name: "damage", session: damaged, line: 'damaged - error="not JSON at all"' },
])("a line tells $name", ({ session, line }) => {
  expect(plainLine(session)).toBe(`${ID} ${line}`);
});

test("tokens and ages are not a change", () => {
  const line = plainLine(runningLike());
  expect(plainLine(runningLike({ live: { tokens: 99_999, last_event_age: 60 }, at: NOW + 1000 }))).toBe(line);
});
