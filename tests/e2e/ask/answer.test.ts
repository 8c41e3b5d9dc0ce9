import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { say, together } from "../../support/model/replies.ts";
import { withCodex } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

const note = (text: string) => say(text, { phase: "commentary" });

withCodex("rest", (version) => {
  test("the answer is the message that Codex calls final, whatever it says after it", async () => {
    await using world = await createWorld({
      version,
      script: [together(say("The answer is 42.", { phase: "final_answer" }), note("Cleaning up."))],
    });
    const asked = await ask(world, ["--json", "What is it?"]);
    expect(asked.json).toMatchObject({ status: "completed", answer: "The answer is 42." });
  });

  test("a note on the way is not an answer; the report has it", async () => {
    await using world = await createWorld({ version, script: [note("Let me first look at the parser.")] });
    const asked = await ask(world, ["What is it?"]);
    expect(asked).toMatchObject({ code: 1, keys: { status: "failed", error_kind: "empty_answer" } });
    expect(asked.report).toContain("Let me first look at the parser.");
    expect(asked.report).toContain("notes on the way only");
  });
});
