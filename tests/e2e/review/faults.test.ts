import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { cleanState } from "../../../src/broker/command/clean-state.ts";
import { ask, startAsk } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { canMount, smallDisk } from "../../support/machine/small-disk.ts";
import { silence } from "../../support/model/replies.ts";
import type { ModelRequest, Script } from "../../support/model/server.ts";
import { toldTo } from "../../support/model/wire.ts";
import { finding, isProver, isRefuter, proving, refuting, review, reviewed } from "../../support/reviews.ts";
import { testUnderLoad } from "../../support/trials.ts";
import { untilGone } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";

const FAULT = "return items[items.length];";
const CART = `export function last(items) {\n  ${FAULT}\n}\n`;

const hasFocus = (request: ModelRequest, focus: string) => toldTo(request).join("\n").includes(`focus is ${focus}`);

/** A world with a fault that is not committed. */
async function faulty(script: Script): Promise<World> {
  const world = await createWorld({ files: { "cart.js": "" }, script });
  await writeFile(join(world.workspace, "cart.js"), CART);
  return world;
}

testUnderLoad("a panel that is killed leaves nothing that counts, and is done again", async () => {
  let silent = true;
  await using world = await faulty((request) =>
    silent && !hasFocus(request, "correctness") ? silence() : reviewed(["cart.js"], finding("cart.js", FAULT)),
  );
  const before = await git(world.workspace, "status", "--porcelain");
  {
    await using asking = startAsk(world, ["review", "--panel", "3", "--no-refute"]);
    await world.model.asked(3);
    asking.child.kill("SIGKILL");
    await expect(asking.done).resolves.toMatchObject({ signal: "SIGKILL", stdout: "" });
  }
  // A Codex whose client is gone ends by itself.
  await untilGone(world);
  expect(await git(world.workspace, "status", "--porcelain")).toBe(before);
  expect((await review(world, ["list"])).stdout).not.toContain("verdict=");
  silent = false;
  const again = await review(world, ["--panel", "3", "--no-refute", "--json"]);
  expect(again).toMatchObject({ code: 0, json: { verdict: "findings", findings: [{ line: 2, state: "new" }] } });
});

testUnderLoad("what a review that was killed in its worktree left goes with clean, and nothing else does", async () => {
  await using world = await faulty(() => silence());
  await git(world.workspace, "switch", "--quiet", "-c", "pr");
  await git(world.workspace, "commit", "--quiet", "-am", "faster");
  await git(world.workspace, "switch", "--quiet", "main");
  {
    await using asking = startAsk(world, ["review", "--range", "main..pr"]);
    await world.model.asked(1);
    asking.child.kill("SIGKILL");
    await asking.done;
  }
  await untilGone(world);
  const worktrees = join(world.state, "worktrees");
  const [left = ""] = await readdir(worktrees);
  expect(left).toMatch(/^review-/);
  await utimes(join(worktrees, left), new Date(0), new Date(0));
  const { removed } = await cleanState(join(world.state, "sessions"), world.state, Date.now() - 3_600_000, false);
  expect(removed).toContain(join(worktrees, left));
  expect(await git(world.workspace, "worktree", "list")).not.toContain("\n");
  expect(await git(world.workspace, "branch", "--list", "pr")).toContain("pr");
});

testUnderLoad("a panel of which one does not answer in time is incomplete, with what the others found", async () => {
  await using world = await faulty((request) =>
    hasFocus(request, "security") ? silence() : reviewed(["cart.js"], finding("cart.js", FAULT)),
  );
  expect(await review(world, ["--panel", "2", "--no-refute", "--timeout", "40", "--json"])).toMatchObject({
    code: 1,
    json: {
      ...{ verdict: "incomplete", cut_short: "the time for the whole review ran out" },
      findings: [{ line: 2, voices: ["correctness"] }],
    },
  });
});

testUnderLoad("time that runs out while tests are run leaves no proof unsaid", async () => {
  await using world = await faulty((request) => {
    if (isProver(request)) return proving(request, { "Reads past the end of the list": "sleep 600" });
    return isRefuter(request) ? refuting(request, "confirmed") : reviewed(["cart.js"], finding("cart.js", FAULT));
  });
  expect(await review(world, ["--prove", "--timeout", "60", "--json"])).toMatchObject({
    code: 1,
    json: {
      ...{ verdict: "incomplete", cut_short: "the time for the whole review ran out" },
      findings: [{ refutation: { answer: "confirmed" }, proof: null }],
    },
  });
});

testUnderLoad("five thousand changed files are refused with the number of turns, or read in all of them", async () => {
  const paths = Array.from({ length: 5_000 }, (_, at) => `src/f${at % 70}/m${at}.js`);
  await using world = await createWorld({
    files: { "a.js": "" },
    script: (request) => {
      const told = toldTo(request).join("\n");
      const own = [...told.matchAll(/^- added: (\S+) /gm)].map(([, path = ""]) => path);
      return reviewed(own, ...own.slice(0, 1).map((path) => finding(path, "export const one = 1;")));
    },
  });
  for (const folder of new Set(paths.map((path) => join(world.workspace, path, ".."))))
    await mkdir(folder, { recursive: true });
  for (const path of paths) await writeFile(join(world.workspace, path), "export const one = 1;\n");
  const refused = await review(world);
  expect(refused).toMatchObject({ code: 1, stdout: "" });
  expect(refused.stderr).toMatch(/needs 125 turns \(5000 files in 125 shares.*--max-turns is 30/);
  expect(refused.stderr).toContain("--commit or --range");
  expect(world.model.requests).toEqual([]);
  const read = await review(world, ["--max-turns", "125", "--no-refute"]);
  expect(read).toMatchObject({ code: 0, keys: { verdict: "findings", coverage: "5000/5000", findings: "125" } });
  expect(read.report?.length).toBeLessThan(4_096);
});

describe.runIf(canMount)("a disk that is full", () => {
  testUnderLoad("is said, and no review counts that could not be written down", async () => {
    await using world = await faulty(() => reviewed(["cart.js"], finding("cart.js", FAULT)));
    await using disk = await smallDisk(world.home);
    const env = { ASK_CODEX_HOME: join(disk.path, "state") };
    await mkdir(env.ASK_CODEX_HOME, { mode: 0o700 });
    disk.fill();
    const asked = await ask(world, ["review", "--no-refute"], { env });
    expect(asked.code).not.toBe(0);
    expect(asked.stdout).not.toContain("verdict=findings");
    expect(asked.stderr).toContain("ENOSPC");
    expect(asked.stderr).not.toContain("bug in ask_codex");
    expect((await ask(world, ["review", "list"], { env })).stdout).toBe("");
  });
});
