import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../support/ask.ts";
import { type ClaudeEnd, runClaude } from "../support/claude/claude.ts";
import { bash, say } from "../support/claude/messages-api.ts";
import { SETUP } from "../support/programs.ts";
import { finding, isRefuter, refuting, reviewed } from "../support/reviews.ts";
import { inMatrix, withClaude } from "../support/suite.ts";
import { createWorld, type World } from "../support/world.ts";

const QUOTE = "return items[items.length];";
const EDIT = `printf 'export function last(items) {\\n  ${QUOTE}\\n}\\n' > cart.js`;

/** Claude Code with the gate for the user, and Codex as a reviewer that finds a blocker. */
async function gatedWorld(): Promise<World> {
  const world = await createWorld({
    files: { "cart.js": "", "notes.md": "# Notes\n" },
    script: (request) =>
      isRefuter(request)
        ? refuting(request, "confirmed")
        : reviewed(["cart.js"], finding("cart.js", QUOTE, { severity: "blocker" })),
  });
  const installed = await ask(world, ["install", "--review-gate"], { program: SETUP });
  expect(installed).toMatchObject({ code: 0, keys: { status: "installed", review_gate: "added" } });
  return world;
}

const MAY_RUN = ["--allowedTools", "Bash"];
const SHOW_HOOKS = ["--include-hook-events"];

/** What the Stop hooks of a session printed for Claude Code. */
function printedBy({ events }: ClaudeEnd): readonly unknown[] {
  return events.filter(({ subtype }) => subtype === "hook_response").map(({ stdout }) => stdout);
}

withClaude("rest", (version) => {
  test("a blocker in what the session changed blocks the stop once, and Claude is given it", async () => {
    await using world = await gatedWorld();
    const end = await runClaude(world, {
      ...{ version, prompt: "Write the cart.", flags: MAY_RUN },
      script: [bash(EDIT), say("It is written."), say("I have looked at the finding.")],
    });
    expect(end).toMatchObject({ code: 0, answer: "I have looked at the finding." });
    const told = end.api.conversations.at(-1)?.texts.join("\n") ?? "";
    expect(told).toContain("blocker cart.js:2: Reads past the end of the list");
    // One reviewer, one refuter: the stop after the block was not reviewed.
    expect(world.model.requests.length).toBe(2);
  });
});

inMatrix(() => {
  test("a session that changed nothing asks Codex nothing, whatever lay there before", async () => {
    await using world = await gatedWorld();
    await writeFile(join(world.workspace, "cart.js"), `export const last = (items) => { ${QUOTE} };\n`);
    const end = await runClaude(world, { prompt: "Is it done?", flags: SHOW_HOOKS, script: [say("It is.")] });
    expect(end).toMatchObject({ code: 0, answer: "It is." });
    expect(printedBy(end)).toEqual([""]);
    expect(world.model.requests).toEqual([]);
  });

  test("without Codex Claude stops, and a message says why it was not reviewed", async () => {
    await using world = await gatedWorld();
    const end = await runClaude(world, {
      ...{
        prompt: "Write the cart.",
        flags: [...MAY_RUN, ...SHOW_HOOKS],
        env: { ASK_CODEX_COMMAND: "/nowhere/codex" },
      },
      script: [bash(EDIT), say("It is written.")],
    });
    expect(end).toMatchObject({ code: 0, answer: "It is written." });
    expect(printedBy(end)).toEqual([expect.stringContaining("/nowhere/codex")]);
  });
});

test("uninstall takes out the hook and leaves the settings as they were", async () => {
  await using world = await gatedWorld();
  const removed = await ask(world, ["uninstall"], { program: SETUP });
  expect(removed).toMatchObject({ code: 0, keys: { status: "removed", review_gate: "removed" } });
  await expect(readFile(join(world.home, ".claude", "settings.json"))).rejects.toThrow("ENOENT");
});
