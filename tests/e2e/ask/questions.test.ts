import { describe, expect, test } from "vitest";
import { ask, sessionFlags } from "../../support/ask.ts";
import { ask as askUser, say, together } from "../../support/model/replies.ts";
import { toldTo } from "../../support/model/wire.ts";
import { COLOUR, SIZE } from "../../support/samples/button-questions.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

describe("a question that Codex asks natively", () => {
  test("ends the run as pending, with every question and its options in all outputs", async () => {
    const script = [together(say("I have **looked** around."), askUser(COLOUR, SIZE))];
    await using world = await createWorld({ script });
    const asked = await ask(world, ["--verify-cmd", "false", "--json", "Paint it"]);
    expect(asked).toMatchObject({
      code: 4,
      json: { status: "pending_question", questions: [COLOUR, SIZE], error: null },
    });
    expect(asked.json?.checks).toEqual([]);
    for (const { header, id, question, options } of [COLOUR, SIZE]) {
      expect(asked.report).toContain(`**${header}** (\`${id}\`): ${question}`);
      for (const { label, description } of options) expect(asked.report).toContain(`- ${label}: ${description}`);
      expect(asked.stderr).toContain(
        `[codex] question: ${question} [${options.map(({ label }) => label).join(" | ")}]`,
      );
    }
    expect(asked.report).toContain("I have **looked** around.");
    expect(asked.report).toContain("**Exit code: 4** (pending question");
    expect(asked.stderr).toContain(`answer it with --session ${asked.json?.session_id}`);
    expect(`${asked.stdout}${asked.stderr}${asked.report}`).not.toMatch(/under.?development/i);
  });

  test("is told again beside the answer, which arrives as it was given; then it is settled", async () => {
    await using world = await createWorld({ script: [askUser(COLOUR, SIZE), say("Blue and big."), say("More.")] });
    const asked = await ask(world, ["Paint it"]);
    expect(asked).toMatchObject({ code: 4, keys: { status: "pending_question", questions: "2" } });
    const answer = "\nblue,\n\n  and `big` — $(why not)?\n";
    expect(await ask(world, sessionFlags(asked), { stdin: { text: answer } })).toMatchObject({ code: 0 });
    const [frame, ...said] = toldTo(world.model.requests[1]);
    expect(frame).toContain(`- ${COLOUR.question}\n- ${SIZE.question}\n`);
    expect(said).toEqual([answer]);
    expect(await ask(world, [...sessionFlags(asked), "Go on"])).toMatchObject({ code: 0 });
    expect(toldTo(world.model.requests[2])).toEqual(["Go on"]);
  });
});

describe("a final message that closes with a question", () => {
  // What counts as one: tests/ask/model/question.test.ts.
  const english = "I did the first part.\n\n**Shall I do the second?**";
  withCases({ change: [english], matrix: ["続けますか？"] }, (messages) => {
    test.each(messages)("ends the run as pending: %j", async (message) => {
      await using world = await createWorld({ script: [say(message), say("Good.")] });
      const asked = await ask(world, ["Begin"]);
      expect(asked).toMatchObject({ code: 4, keys: { status: "pending_question", questions: "1" } });
      const question = message.trim().split("\n").at(-1) ?? "";
      expect(asked.stderr).toContain(`[codex] question: ${question}`);
      expect(asked.report).toContain("## Codex is asking a question");
    });
  });

  inMatrix(() => {
    test("is answered in the same session, where it stands already", async () => {
      await using world = await createWorld({ script: [say("Shall I go on?"), say("Good.")] });
      const asked = await ask(world, ["Begin"]);
      expect(await ask(world, [...sessionFlags(asked), "yes"])).toMatchObject({
        code: 0,
        keys: { status: "completed" },
      });
      expect(toldTo(world.model.requests[1])).toEqual(["yes"]);
    });

    test("is not one that merely holds a question", async () => {
      await using world = await createWorld({ script: [say("Why did it fail? The path was wrong. It is repaired.")] });
      expect(await ask(world, ["Begin"])).toMatchObject({ code: 0, keys: { status: "completed" } });
    });

    test.each([
      {
        name: "the checks that were asked for have passed: done, and still told",
        verify: "true",
        code: 0,
        status: "completed",
      },
      { name: "one of them has failed: pending", verify: "false", code: 4, status: "pending_question" },
    ])("where $name", async ({ verify, code, status }) => {
      await using world = await createWorld({ script: [say("All is done. Anything else?"), say("Never asked.")] });
      const asked = await ask(world, ["--verify-cmd", verify, "--verify-rounds", "2", "--json", "Begin"]);
      expect(asked).toMatchObject({ code, json: { status, questions: [{ question: "All is done. Anything else?" }] } });
      expect(asked.stderr).toContain("[codex] question: All is done. Anything else?");
      expect(asked.report).toContain("## Codex is asking a question");
      expect(world.model.requests).toHaveLength(1);
    });
  });
});
