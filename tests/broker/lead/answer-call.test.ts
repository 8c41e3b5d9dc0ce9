import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import type { Delegated } from "../../../src/broker/lead/task/delegate.ts";
import { leading } from "../../support/git/orchestrations.ts";
import { request } from "../../support/samples/delegation.ts";

const HOUR_MS = 3_600_000;

afterEach(() => vi.useRealTimers());

const check = (task_id: string) => ({ task_id, type: "validation", validation: ["true"] });
const delegate = (...tasks: readonly unknown[]) => ["delegate_tasks", { tasks }] as const;

test.each<[string, string, unknown]>([
  ["no arguments", "delegate_tasks", null],
  ["a text", "delegate_tasks", "do it"],
  ["a list", "delegate_tasks", [request()]],
  ["no task", "delegate_tasks", { tasks: [] }],
  ["too many tasks", "delegate_tasks", { tasks: Array.from({ length: 51 }, () => request()) }],
  ["a field that is not there", "delegate_tasks", { tasks: [request()], force: true }],
  ["tasks that are no requests", "delegate_tasks", { tasks: [7] }],
  ["a request with a field of its own", "delegate_tasks", { tasks: [{ ...request(), mode: "acceptEdits" }] }],
  ["a type that is not there", "delegate_tasks", { tasks: [{ ...request(), type: "deploy" }] }],
  ["an action that is not there", "task_queue", { action: "fly" }],
  ["a name that is no name", "task_queue", { action: "add", tasks: [{ task_id: "../x", title: "X" }] }],
  ["no question", "ask_person", { options: ["a"] }],
])("%s: the model is told what to change, and nothing is started", async (_what, tool, given) => {
  const started: unknown[] = [];
  await using led = await leading({}, (one) => {
    started.push(one);
    return {};
  });
  const { success, text } = await led.call(tool, given);
  expect(success).toBe(false);
  expect(text).toMatch(/"verdict":"refused".*"change":/s);
  expect(text.length).toBeLessThan(8_001);
  expect(started).toEqual([]);
  expect(led.of.queue().running).toEqual([]);
});

test("of a call with a bad request the good one is carried out, and each has its answer in its place", async () => {
  await using led = await leading({});
  const { success, text } = await led.call(...delegate({ task_id: "bad", type: "deploy" }, check("good")));
  expect(success).toBe(false);
  const [bad, good] = JSON.parse(text.slice(0, text.lastIndexOf("]") + 1));
  expect([bad, good]).toMatchObject([
    { verdict: "refused", task_id: "bad", started: false },
    { verdict: "completed", task_id: "good" },
  ]);
});

test("calls in parallel and in reversed order: the queue decides who goes first, and each call has its own answer", async () => {
  const order: string[] = [];
  let open = () => {};
  const first = new Promise<void>((resolve) => {
    open = resolve;
  });
  await using led = await leading({}, async ({ request: { task_id } }) => {
    order.push(task_id);
    if (task_id === "first") await first;
    return { notes: `notes of ${task_id}` };
  });
  const tasks = ["first", "second", "third"].map((task_id) => ({ task_id, title: task_id }));
  await led.call("task_queue", { action: "add", tasks });
  const answers = ["first", "third", "second"].map((task_id) => led.call(...delegate(check(task_id))));
  open();
  const texts = (await Promise.all(answers)).map(({ text }) => text);
  expect(order).toEqual(["first", "second", "third"]);
  expect(texts.map((text) => /notes of \w+/.exec(text)?.[0])).toEqual([
    ...["notes of first", "notes of third", "notes of second"],
  ]);
});

test("notes of 12,000 characters, of one task and of several, stay below what Codex passes on", async () => {
  await using led = await leading({}, () => ({ notes: "word ".repeat(2_400) }));
  const one = await led.call(...delegate(check("one")));
  const many = await led.call(...delegate(...["a", "b", "c", "d"].map(check)));
  for (const { text } of [one, many]) expect(text.length).toBeLessThan(8_001);
  expect(JSON.parse(one.text.split("\n")[0] ?? "")).toMatchObject({ verdict: "completed", task_id: "one" });
  const all = JSON.parse(many.text.slice(0, many.text.lastIndexOf("]") + 1)) as readonly unknown[];
  expect(all).toMatchObject(["a", "b", "c", "d"].map((task_id) => ({ verdict: "completed", task_id })));
});

test("a question that is answered after an hour has cost no time, and the answer reaches Codex", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "hrtime"] });
  await using led = await leading({ budgetMinutes: 30 });
  led.of.stopwatch.start();
  const asked = led.call("ask_person", { question: "Blue or red?", options: ["blue", "red"] });
  vi.advanceTimersByTime(HOUR_MS);
  expect(led.log.state.openRequests).toMatchObject([{ questions: [{ question: "Blue or red?" }] }]);
  led.attendant.answerQuestion("red", null, null);
  expect(await asked).toEqual({ success: true, text: '{"verdict":"answered","answer":"red"}' });
  expect(led.of.stopwatch.ms).toBe(0);
  // The budget of half an hour is whole: there is time to delegate.
  expect((await led.call(...delegate(check("t-1")))).text).toMatch(/^\{"verdict":"completed"/);
});

test("the time that the person allows ends what is under way, and then nothing is started", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "hrtime"] });
  await using led = await leading({ budgetMinutes: 30 }, async ({ signal }) => {
    vi.advanceTimersByTime(HOUR_MS / 2);
    return { verdict: signal.aborted ? "interrupted" : "completed" };
  });
  led.of.stopwatch.start();
  const ended = await led.call(...delegate(check("t-1")));
  expect(ended.text).toMatch(/"verdict":"interrupted".*--budget-minutes 30 is used up/s);
  expect((await led.call(...delegate(check("t-2")))).text).toMatch(/"verdict":"refused".*--budget-minutes 30/s);
});

test("the money that is left goes to the next delegation, and when it is spent nothing is started", async () => {
  const allowed: (number | null)[] = [];
  await using led = await leading({ budgetUsd: 5 }, ({ budgetUsd }: Delegated) => {
    allowed.push(budgetUsd);
    return { usage: { inputTokens: 1, cachedInputTokens: 0, outputTokens: 1, listPriceUsd: 3, model: null } };
  });
  for (const id of ["a", "b", "c"]) await led.call(...delegate(check(id)));
  expect(allowed).toEqual([5, 2]);
  expect(led.of.queue().refused).toMatchObject([{ task_id: "c", refusals: [{ what: /--budget-usd 5/ }] }]);
});

test("several at once share the money, and what the first to be merged did stays when a later one is interrupted", async () => {
  const allowed: (number | null)[] = [];
  await using led = await leading({ parallel: 2, budgetUsd: 4 }, async ({ request: asked, workspace, budgetUsd }) => {
    allowed.push(budgetUsd);
    await writeFile(join(workspace, `${asked.task_id}.txt`), "new\n");
    return { verdict: asked.task_id === "two" ? "interrupted" : "completed", files: [] };
  });
  const add = (task_id: string) => request({ task_id, scope: { files: [`${task_id}.txt`] } });
  const { text } = await led.call(...delegate(add("one"), add("two")));
  expect(text).toMatch(/"completed".*"interrupted"/s);
  expect(allowed).toEqual([2, 2]);
  const texts = ["one.txt", "two.txt"].map((name) => readFile(join(led.root, name), "utf8"));
  expect(await Promise.all(texts)).toEqual(["new\n", "new\n"]);
  expect(await readdir(join(led.of.parts.context.state, "worktrees"))).toEqual([]);
});
