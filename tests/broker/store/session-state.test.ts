import { describe, expect, test } from "vitest";
import { PLAIN } from "../../../src/broker/store/plain-options.ts";
import type { SessionEvent } from "../../../src/broker/store/session-event.ts";
import { newSession, sessionStatusOf } from "../../../src/broker/store/session-state.ts";
import { AT, event, finished, OPTIONS, play } from "../../support/samples/session.ts";

const worker = event("worker_started", { pid: 7 });
const accepted = event("message_accepted", {
  message_id: "m",
  message: "Begin",
  mode: "queue",
  key: null,
  options: PLAIN,
});
const started = event("run_started", { run_id: "run", message: "Begin", message_id: "m" });
const thread = event("thread_opened", { session_id: "thread" });
const question = (id: string) => ({ id, header: "", question: `${id}?`, options: [] });
const opened = (id: string, ...asked: readonly string[]) =>
  event("request_opened", {
    ...{ request_id: id, type: "question", questions: asked.map(question), what: "", reason: "" },
  });
const answered = (request: string, id: string, message: string | null = null) =>
  event("question_answered", { request_id: request, question_id: id, text: `${id}!`, message_id: message });
const closed = (id: string) => event("request_closed", { request_id: id, how: "answered", reason: "" });
const stopped = event("stop_requested", {});
const released = event("queue_released", {});
const left = (reason: string) => event("worker_stopped", { reason });
const fatal = finished({ status: "fatal_error", exit_code: 3, queue_held: true });

describe("the word for a session", () => {
  test.each([
    { name: "nothing yet, and nothing to do", events: [], pending: 0, word: "starting" },
    { name: "a message on the disk", events: [], pending: 1, word: "queued" },
    { name: "a worker, and a message", events: [worker, accepted], pending: 1, word: "queued" },
    { name: "a run", events: [worker, accepted, started], pending: 1, word: "running" },
    { name: "a run, and more that waits", events: [worker, started, thread], pending: 3, word: "running" },
    { name: "a run that asks", events: [worker, started, opened("r", "q")], pending: 1, word: "waiting_input" },
    {
      name: "one that was answered",
      events: [worker, started, opened("r", "q"), closed("r")],
      pending: 1,
      word: "running",
    },
    { name: "a run that is over", events: [worker, started, finished()], pending: 0, word: "waiting_input" },
    { name: "the next one", events: [worker, started, finished()], pending: 1, word: "queued" },
    {
      name: "an answer that closes with a question",
      events: [started, finished({ status: "waiting_for_input", exit_code: 4, questions: ["Shall I?"] })],
      pending: 0,
      word: "waiting_input",
    },
    ...["timeout", "fatal_error", "error", "interrupted"].map((status) => ({
      ...{ name: `a run that ended as ${status}`, events: [started, finished({ status, exit_code: 1 })], pending: 0 },
      word: "attention_required",
    })),
    {
      name: "a question that nobody answered in time",
      events: [started, finished({ unanswered: true })],
      pending: 0,
      word: "attention_required",
    },
    { name: "a queue that is held", events: [started, fatal], pending: 2, word: "attention_required" },
    { name: "one that was released", events: [started, fatal, released], pending: 2, word: "queued" },
    { name: "a stop in the middle of a run", events: [worker, started, stopped], pending: 1, word: "running" },
    { name: "a stop", events: [worker, started, finished(), stopped, left("stop")], pending: 2, word: "stopped" },
    { name: "a stop that was taken back", events: [finished(), stopped, released], pending: 2, word: "queued" },
    {
      name: "a new worker after a stop",
      events: [started, finished(), stopped, worker],
      pending: 0,
      word: "waiting_input",
    },
  ])("$name: $word", ({ events, pending, word }) => {
    expect(sessionStatusOf(play(...events), pending)).toBe(word);
  });
});

test("a message is settled by whatever ends it, and by nothing else", () => {
  const settled = (...events: readonly SessionEvent[]) => [...play(...events).settled];
  const on = { message_id: "m" };
  expect(settled(accepted)).toEqual([]);
  expect(settled(accepted, started)).toEqual([]);
  expect(settled(accepted, started, finished())).toEqual(["m"]);
  expect(settled(started, finished({ status: "interrupted", exit_code: 130 }))).toEqual(["m"]);
  expect(settled(event("steer_started", on))).toEqual([]);
  expect(settled(event("steer_started", on), event("steer_missed", on))).toEqual([]);
  expect(settled(event("steer_started", on), event("message_steered", { ...on, run_id: "run" }))).toEqual(["m"]);
  expect(settled(event("steer_started", on), event("message_interrupted", on))).toEqual(["m"]);
  expect(settled(opened("r", "q"), answered("r", "q", "m"))).toEqual(["m"]);
  expect(settled(opened("r", "q"), answered("r", "q"))).toEqual([]);
});

test("a steered message is on its way until it has arrived, one beside the other", () => {
  const on = (message_id: string) => event("steer_started", { message_id });
  expect([...play(on("1"), on("2")).steering]).toEqual(["1", "2"]);
  expect([...play(on("1"), on("2"), event("steer_missed", { message_id: "1" })).steering]).toEqual(["2"]);
  const arrived = event("message_steered", { message_id: "2", run_id: "run" });
  expect([...play(on("1"), on("2"), arrived).steering]).toEqual(["1"]);
});

test("questions keep the answers they have, and are gone with their request or their run", () => {
  const two = [started, opened("r", "a", "b"), opened("s", "c")];
  expect(play(...two, answered("r", "b")).openRequests).toMatchObject([
    { request_id: "r", answers: { b: "b!" } },
    { request_id: "s", answers: {} },
  ]);
  expect(play(...two, closed("r")).openRequests).toMatchObject([{ request_id: "s" }]);
  expect(play(...two, finished()).openRequests).toEqual([]);
  expect(play(...two, answered("gone", "x")).openRequests).toHaveLength(2);
});

test("a run keeps what the last one came to until it has an end of its own, but not its questions", () => {
  const before = [started, thread, finished({ status: "waiting_for_input", exit_code: 4, questions: ["Shall I?"] })];
  expect(play(started).lastRun).toMatchObject({ runId: "run", message: "Begin", status: "none", exitCode: null });
  const next = event("run_started", { run_id: "next", message: "Go on", message_id: "n" });
  expect(play(...before, next)).toMatchObject({
    run: { runId: "next", messageId: "n" },
    lastRun: { runId: "next", message: "Go on", status: "waiting_for_input", exitCode: 4, questions: [] },
    threadId: "thread",
  });
  const ended = finished({
    run_id: "next",
    message_id: "n",
    status: "timeout",
    exit_code: 2,
    error_kind: "idle_timeout",
  });
  expect(play(...before, next, ended)).toMatchObject({
    run: null,
    lastRun: { runId: "next", message: "Go on", status: "timeout", exitCode: 2, errorKind: "idle_timeout" },
  });
});

test("a session that goes on with a thread has it from the beginning; a fork gets its own", () => {
  const from = (type: "resume" | "fork") => ({ ...OPTIONS, from: { type, threadId: "old" } });
  expect(newSession({ broker_id: "id", options: from("resume") }, AT).threadId).toBe("old");
  expect(newSession({ broker_id: "id", options: from("fork") }, AT).threadId).toBeNull();
});

test("what a worker leaves is held, unless it had nothing left to do", () => {
  expect(play(worker, left("linger"))).toMatchObject({ workerPid: null, queueHeld: false });
  for (const reason of ["stop", "died", "life limit", "SIGTERM", "failed"])
    expect(play(worker, left(reason))).toMatchObject({ workerPid: null, queueHeld: true });
  expect(play(worker)).toMatchObject({ workerPid: 7 });
});

test("a journal of 100,000 messages is folded within the time of a test", () => {
  const ids = Array.from({ length: 100_000 }, (_, index) => `m${index}`);
  const { settled } = play(...ids.map((message_id) => event("message_interrupted", { message_id })));
  expect(settled.size).toBe(100_000);
  expect(settled.has("m99999")).toBe(true);
});
