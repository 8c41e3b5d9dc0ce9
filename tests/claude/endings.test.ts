import { describe, expect, test } from "vitest";
import { runClaude } from "../support/claude/claude.ts";
import { bash, say, use } from "../support/claude/messages-api.ts";
import { installForUser } from "../support/claude/places.ts";
import { commandOf, keysIn } from "../support/claude/skill-text.ts";
import { ask as askUser, say as codexSays, http } from "../support/model/replies.ts";
import { toldTo } from "../support/model/wire.ts";
import { inMatrix, withClaude } from "../support/suite.ts";
import { createWorld } from "../support/world.ts";

const COLOUR = {
  ...{ id: "colour", header: "Colour", question: "Which colour should the button have?" },
  options: [
    { label: "red", description: "warm" },
    { label: "blue", description: "cold" },
  ],
};

withClaude("rest", (version) => {
  test("a question comes back as exit 4, and its answer goes into the session", async () => {
    await using world = await createWorld({ script: [askUser(COLOUR), codexSays("Blue it is.")] });
    const { as, skill, env } = await installForUser(world);
    const end = await runClaude(world, {
      ...{ version, env, prompt: "let codex paint the button" },
      script: [
        use("Skill", { skill: as }),
        bash(commandOf(skill, "ask_codex --read-only", "Paint the button.")),
        ({ result }) =>
          bash(commandOf(skill, `ask_codex --session ${keysIn(result.text)["session_id"]}`, "blue, as `sky`")),
        say("It is blue."),
      ],
    });
    expect(end).toMatchObject({ code: 0, answer: "It is blue.", denials: [] });
    const [, asked, answered] = end.api.conversations.at(-1)?.results ?? [];
    expect(asked).toMatchObject({ isError: true, text: expect.stringMatching(/^Exit code 4\n/) });
    expect(asked?.text).toContain(`[codex] question: ${COLOUR.question} [red | blue]`);
    const { session_id, ...keys } = keysIn(asked?.text ?? "");
    expect(keys).toMatchObject({ status: "pending_question", questions: "1" });
    expect(answered?.isError).toBe(false);
    expect(keysIn(answered?.text ?? "")).toMatchObject({ status: "completed", session_id });
    expect(answered?.text).toContain("| Blue it is.");
    expect(toldTo(world.model.requests[1]).at(-1)).toBe("blue, as `sky`\n");
  });
});

inMatrix(() => {
  describe("that Codex cannot work comes back as exit 3, with the kind and the fix", () => {
    test.each([
      { name: "a login that is refused", kind: "auth", hint: "codex login", env: {}, ran: true },
      {
        ...{ name: "no Codex at all", kind: "codex_missing", hint: "Set it to the path of a codex", ran: false },
        env: { ASK_CODEX_COMMAND: "/nowhere/codex" },
      },
    ])("$name", async ({ kind, hint, env, ran }) => {
      await using world = await createWorld({ script: [http(401)] });
      const { skill, env: own } = await installForUser(world);
      const end = await runClaude(world, {
        ...{ env: { ...own, ...env }, prompt: "use codex to look around" },
        script: [bash(commandOf(skill, "ask_codex --read-only", "Look around.")), say("Codex cannot work now.")],
      });
      expect(end).toMatchObject({ code: 0, denials: [] });
      const { result } = end.api.conversations[1] ?? {};
      expect(result).toMatchObject({ isError: true, text: expect.stringMatching(/^Exit code 3\n/) });
      expect(result?.text).toContain(hint);
      const keys = keysIn(result?.text ?? "");
      expect(keys).toMatchObject({ status: "fatal", error_kind: kind });
      expect("session_id" in keys).toBe(ran);
    });
  });
});
