import { expect, test } from "vitest";
import { runClaude } from "../support/claude/claude.ts";
import { heldWork } from "../support/claude/held-work.ts";
import { bash, say } from "../support/claude/messages-api.ts";
import { installForUser } from "../support/claude/places.ts";
import { commandOf, keysIn } from "../support/claude/skill-text.ts";
import { say as codexSays } from "../support/model/replies.ts";
import { tasksIn } from "../support/model/wire.ts";
import { inMatrix, withClaude } from "../support/suite.ts";
import { createWorld } from "../support/world.ts";

withClaude("rest", (version) => {
  inMatrix(() => {
    test("two sessions of Claude Code in one project each get their own answer", async () => {
      const work = heldWork((request) => codexSays(`Done: ${tasksIn(request)[0]?.trim()}`));
      await using world = await createWorld({ script: work.script });
      const { skill, env } = await installForUser(world);
      const session = (name: string) => {
        const begin = bash(commandOf(skill, `ask_codex --name ${name}`, `The part called ${name}`));
        return runClaude(world, {
          version,
          env,
          prompt: "use codex",
          script: [begin, ({ result }) => say(result.text)],
        });
      };
      const both = Promise.all(["one", "two"].map(session));
      // Both are at work at the same time.
      await Promise.race([world.model.asked(2), both]);
      await work.letGo(world);
      const ends = await both;
      for (const [index, name] of ["one", "two"].entries()) {
        expect(ends[index]).toMatchObject({ code: 0, denials: [] });
        expect(ends[index]?.answer).toContain(`| Done: The part called ${name}`);
      }
      const [one, two] = ends.map(({ answer = "" }) => keysIn(answer));
      expect(one).toMatchObject({ status: "completed" });
      expect(two).toMatchObject({ status: "completed" });
      expect(one?.["session_id"]).not.toBe(two?.["session_id"]);
    });
  });
});
