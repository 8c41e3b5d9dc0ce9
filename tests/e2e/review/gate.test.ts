import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Asked, type AskOptions, ask } from "../../support/ask.ts";
import { finding, isRefuter, refuting, reviewed } from "../../support/reviews.ts";
import { createWorld, type World } from "../../support/world.ts";

const QUOTE = "return items[items.length];";

interface Stop {
  readonly active?: boolean;
  readonly cwd?: string;
  readonly began?: Date;
  readonly env?: AskOptions["env"];
}

/** What Claude Code does at the end of a turn: the gate, with what a Stop hook is given. */
async function stop(
  world: World,
  { active = false, cwd = world.workspace, began, env = {} }: Stop = {},
): Promise<Asked> {
  const transcript = join(world.home, "transcript.jsonl");
  const timestamp = (began ?? new Date(Date.now() - 3_600_000)).toISOString();
  await writeFile(transcript, `${JSON.stringify({ type: "mode" })}\n${JSON.stringify({ type: "user", timestamp })}\n`);
  const text = JSON.stringify({ session_id: "s", transcript_path: transcript, cwd, stop_hook_active: active });
  return ask(world, ["review", "gate", "--quiet"], { stdin: { text }, env });
}

async function faulty(answer: "confirmed" | "nonsense" = "confirmed"): Promise<World> {
  const world = await createWorld({
    files: { "cart.js": "" },
    script: (request) => {
      if (answer === "nonsense") return reviewed([]);
      if (isRefuter(request)) return refuting(request, answer);
      return reviewed(["cart.js"], finding("cart.js", QUOTE, { severity: "blocker" }));
    },
  });
  await writeFile(join(world.workspace, "cart.js"), `export function last(items) {\n  ${QUOTE}\n}\n`);
  return world;
}

test("the gate hands a finding over once, and reviews the same code once", async () => {
  await using world = await faulty();
  const going = await stop(world, { active: true });
  expect(going).toMatchObject({ code: 0, stdout: "" });
  const first = await stop(world);
  expect(JSON.parse(first.stdout)).toEqual({ decision: "block", reason: expect.stringContaining("cart.js:2") });
  const asked = world.model.requests.length;
  expect(await stop(world)).toMatchObject({ code: 0, stdout: "" });
  expect(world.model.requests.length).toBe(asked);
  await writeFile(join(world.workspace, "cart.js"), `// Edited.\nexport function last(items) {\n  ${QUOTE}\n}\n`);
  expect(await stop(world)).toMatchObject({ code: 0, stdout: "" });
  expect(world.model.requests.length).toBeGreaterThan(asked);
});

test("a stop that cannot be reviewed is let through, and says why", async () => {
  await using world = await faulty("nonsense");
  const missing = await stop(world, { env: { ASK_CODEX_COMMAND: "/nowhere/codex" } });
  expect(missing.code).toBe(0);
  expect(JSON.parse(missing.stdout)).toEqual({ systemMessage: expect.stringContaining("/nowhere/codex") });
  const uncovered = await stop(world);
  expect(uncovered.code).toBe(0);
  expect(JSON.parse(uncovered.stdout)).toEqual({ systemMessage: expect.stringContaining("not reviewed in full") });
  const garbage = await ask(world, ["review", "gate", "--quiet"], { stdin: { text: "{" } });
  expect(garbage.code).toBe(0);
  expect(JSON.parse(garbage.stdout)).toHaveProperty("systemMessage");
});

test("nothing is said where there is no repository, or nothing was written since the session began", async () => {
  await using world = await faulty();
  expect(await stop(world, { cwd: world.home })).toMatchObject({ code: 0, stdout: "" });
  expect(await stop(world, { began: new Date(Date.now() + 3_600_000) })).toMatchObject({ code: 0, stdout: "" });
  expect(world.model.requests).toEqual([]);
});

test("a session that was blocked as often as may be is not reviewed again", async () => {
  await using world = await faulty();
  const folder = join(world.state, "gate");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const record = join(folder, `${createHash("sha256").update("s").digest("hex").slice(0, 32)}.json`);
  await writeFile(record, JSON.stringify({ rounds: 5, trees: [], findings: [] }));
  expect(await stop(world)).toMatchObject({ code: 0, stdout: "" });
  expect(world.model.requests).toEqual([]);
  await writeFile(record, "{");
  expect(JSON.parse((await stop(world)).stdout)).toEqual({ systemMessage: expect.stringContaining("is damaged") });
});
