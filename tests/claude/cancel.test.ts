import { describe, expect, test } from "vitest";
import { ask } from "../support/ask.ts";
import { runClaude, startClaude } from "../support/claude/claude.ts";
import { heldWork } from "../support/claude/held-work.ts";
import { bash, say } from "../support/claude/messages-api.ts";
import { installForUser, type Place } from "../support/claude/places.ts";
import { commandOf, keysIn } from "../support/claude/skill-text.ts";
import { say as codexSays, run } from "../support/model/replies.ts";
import { inMatrix, withCases } from "../support/suite.ts";
import { untilGone, untilRunning } from "../support/until.ts";
import { CLAUDE_NEWEST, CLAUDE_OLDER } from "../support/versions.ts";
import { createWorld, type World } from "../support/world.ts";

interface Ending {
  readonly version: string;
  readonly signal: NodeJS.Signals;
}

const ENDINGS: readonly Ending[] = [
  { version: CLAUDE_NEWEST, signal: "SIGTERM" },
  { version: CLAUDE_NEWEST, signal: "SIGINT" },
  { version: CLAUDE_NEWEST, signal: "SIGHUP" },
  { version: CLAUDE_OLDER, signal: "SIGINT" },
];

// Whose process is whose can be told on Linux alone.
describe.runIf(process.platform === "linux")("Claude Code is ended while Codex works, and the session goes on", () => {
  withCases<Ending>({ change: ENDINGS.slice(0, 1), matrix: ENDINGS.slice(1) }, (endings) => {
    test.each(endings)("$version by $signal, which it passes on: nothing of ours is left", async (ending) => {
      await using world = await createWorld({
        script: [run("echo half > half.txt; sleep 600.61"), codexSays("Gone on.")],
      });
      const place = await installForUser(world);
      await endClaude(world, place, { ...ending, at: "sleep 600.61" });
      await untilGone(world);
      expect((await ask(world, ["sessions", "--json"])).json).toMatchObject([{ name: "parser", status: "cancelled" }]);
      await requireGoesOn(world, place, ending.version);
    });
  });

  // (What 2.1.197 does on SIGTERM is not the same each time: mostly nothing, sometimes it kills its command.)
  inMatrix(() => {
    test("by SIGKILL, which nobody passes on: the run comes to its own end", async () => {
      const work = heldWork([codexSays("Done at last."), codexSays("Gone on.")]);
      await using world = await createWorld({ script: work.script });
      const place = await installForUser(world);
      const version = CLAUDE_NEWEST;
      await endClaude(world, place, { version, signal: "SIGKILL", at: /until test -e "?\$HOME\/go/ });
      await work.letGo(world);
      await untilGone(world);
      expect((await ask(world, ["sessions", "--json"])).json).toMatchObject([{ name: "parser", status: "completed" }]);
      await requireGoesOn(world, place, version);
    });
  });
});

/** Ends Claude Code once the process of Codex is there; resolves when Claude Code is gone. */
async function endClaude(
  world: World,
  { skill, env }: Place,
  { version, signal, at }: Ending & { readonly at: string | RegExp },
): Promise<void> {
  const script = [bash(commandOf(skill, "ask_codex --name parser", "Take your time."))];
  await using claude = await startClaude(world, { version, env, script, prompt: "use codex for something long" });
  await untilRunning(world, at);
  claude.child.kill(signal);
  await claude.done;
}

/** A new Claude Code continues the session by its name, with its history. */
async function requireGoesOn(world: World, { skill, env }: Place, version: string): Promise<void> {
  const goOn = bash(commandOf(skill, "ask_codex --session @parser", "Go on."));
  const script = [goOn, ({ result }: { result: { text: string } }) => say(result.text)];
  const next = await runClaude(world, { version, env, script, prompt: "go on" });
  expect(next).toMatchObject({ code: 0, denials: [], answer: expect.stringContaining("| Gone on.") });
  expect(keysIn(next.answer ?? "")).toMatchObject({ status: "completed" });
  expect(JSON.stringify(world.model.requests.at(-1)?.body.input)).toContain("Take your time.");
}
