import { describe, expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { ask as askUser, say, silence, together } from "../../support/model/replies.ts";
import { tasksIn, toldTo, toolOutputs } from "../../support/model/wire.ts";
import { COLOUR as ONE_LINE, SIZE } from "../../support/samples/button-questions.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

/** In two lines: a session is told of in one. */
const COLOUR = { ...ONE_LINE, question: ONE_LINE.question.replace("colour ", "colour\n") };

describe("a question in the middle of a turn", () => {
  test("is told to who waits, and its answer goes on with the same turn", async () => {
    await using world = await createWorld({ script: [askUser(COLOUR), say("Blue.")] });
    await using broker = brokerIn(world);
    const id = await broker.start("Paint it");
    const asked = await broker("wait", id);
    expect(asked).toMatchObject({ code: 4, keys: { status: "waiting_input", phase: "asking", worker: "alive" } });
    expect(asked.keys["question"]).toBe("colour: Which colour should the button have? [red | blue]");
    expect(await broker("answer", id, 'blue,\n  "dark"\n')).toMatchObject({
      code: 0,
      stdout: `broker_id=${id}\ndelivered=answered\nopen_questions=0\n`,
    });
    expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { status: "waiting_input", last_exit_code: "0" } });
    expect(answersIn(world.model.requests[1])).toEqual({ colour: ['blue,\n  "dark"\n'] });
    expect(await payloadsOf(broker, id, "run_started")).toHaveLength(1);
    const nothing = await broker("answer", id, "blue");
    expect(nothing).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("Nothing is asked in this session."),
    });
  });

  inMatrix(() => {
    test("is answered by send as well, while it is the only one; of several, --question says which", async () => {
      await using world = await createWorld({ script: [askUser(COLOUR, SIZE), say("Painted."), say("More.")] });
      await using broker = brokerIn(world);
      const started = await broker("start", "Paint it", "--wait");
      expect(started.code).toBe(4);
      expect(started.stdout.match(/^question=\w+/gm)).toEqual(["question=colour", "question=size"]);
      const id = started.keys["broker_id"] ?? "";
      expect(await broker("answer", id, "big")).toMatchObject({ code: 1, stdout: "" });
      const unknown = await broker("answer", id, "big", "--question", "shape");
      expect(unknown).toMatchObject({ code: 1, stdout: "" });
      expect(unknown.stderr).toMatch(/^\[ERROR\] .*shape.*colour or size.*\n$/);
      expect((await broker("send", id, "And then?")).keys).toMatchObject({ delivered: "queued", pending_count: "2" });
      expect((await broker("answer", id, "big", "--question", "size")).keys).toMatchObject({ open_questions: "1" });
      const again = await broker("answer", id, "small", "--question", "size");
      expect(again).toMatchObject({ code: 1, stdout: "" });
      expect((await broker("send", id, "blue")).keys).toMatchObject({ delivered: "answered", pending_count: "2" });
      expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { pending_count: "0" } });
      expect(answersIn(world.model.requests[1])).toEqual({ colour: ["blue"], size: ["big"] });
      expect(tasksIn(world.model.requests[2])).toEqual(["Paint it", "And then?"]);
    });

    test("is withdrawn when the turn is interrupted, and the session goes on", async () => {
      await using world = await createWorld({ script: [askUser(COLOUR), say("Never mind then.")] });
      await using broker = brokerIn(world);
      const started = await broker("start", "Paint it", "--wait");
      const id = started.keys["broker_id"] ?? "";
      await broker("send", id, "--interrupt", "Leave it");
      expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
      expect(await payloadsOf(broker, id, "request_closed")).toMatchObject([{ how: "withdrawn" }]);
    });
  });

  inMatrix(() => {
    test("stops the clocks: another turn with the same limits runs out of time meanwhile, this one does not", async () => {
      const script = (request: Parameters<typeof tasksIn>[0], index: number) =>
        tasksIn(request)[0] === "Be silent" ? silence() : index === 0 ? askUser(COLOUR) : say("Blue.");
      await using world = await createWorld({ script, git: false });
      await using broker = brokerIn(world);
      const limits = ["--timeout", "2", "--idle-timeout", "2", "--linger", "1", "--allow-shared-worktree"];
      const started = await broker("start", ...limits, "Paint it", "--wait");
      expect(started.code).toBe(4);
      const id = started.keys["broker_id"] ?? "";
      expect(await broker("start", ...limits, "Be silent", "--wait")).toMatchObject({ code: 2 });
      expect(await broker("wait", id)).toMatchObject({ code: 4, keys: { phase: "asking", status: "waiting_input" } });
      await broker("answer", id, "blue");
      expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
    });
  });

  test("which nobody answers in time is declined, and the session wants to be looked at", async () => {
    await using world = await createWorld({ script: [askUser(COLOUR), say("Then I take red.")] });
    await using broker = brokerIn(world);
    const id = await broker.start("--answer-timeout", "1", "Paint it");
    await world.model.asked(2);
    const ended = await broker("wait", id);
    expect(ended).toMatchObject({ code: 0, keys: { status: "attention_required", last_run_status: "completed" } });
    expect(answersIn(world.model.requests[1])).toEqual({});
    expect(await payloadsOf(broker, id, "request_closed")).toMatchObject([{ how: "expired" }]);
    const late = await broker("answer", id, "blue");
    expect(late).toMatchObject({ code: 1, stdout: "" });
  });
});

describe("a final message that closes with a question", () => {
  test("ends the run as pending; the answer is the next message, and settles it", async () => {
    await using world = await createWorld({
      script: [together(say("Half done. Shall I go on?")), say("Done."), say("More.")],
    });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin");
    const asked = await broker("wait", id);
    expect(asked).toMatchObject({ code: 4, keys: { status: "waiting_input", last_run_status: "waiting_for_input" } });
    expect(asked.keys["question"]).toBe("closing: Half done. Shall I go on?");
    expect((await broker("answer", id, "yes", "--question", "closing", "--wait")).code).toBe(0);
    expect(toldTo(world.model.requests[1])).toEqual(["yes"]);
    const again = await broker("answer", id, "yes");
    expect(again).toMatchObject({ code: 1, stdout: "" });
    expect((await broker("status", id)).keys["question"]).toBeUndefined();
  });
});

/** The answers that went back to the model, by the question's id. */
function answersIn(request: Parameters<typeof toolOutputs>[0]): unknown {
  const { answers } = JSON.parse(toolOutputs(request).at(-1) ?? "{}") as {
    answers: Record<string, { answers: string[] }>;
  };
  return Object.fromEntries(Object.entries(answers).map(([id, { answers: texts }]) => [id, texts]));
}
