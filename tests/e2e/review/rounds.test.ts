import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { handoff, plan } from "../../support/handoffs.ts";
import { run, say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { toldTo } from "../../support/model/wire.ts";
import { finding, isRefuter, refuting, reviewed } from "../../support/reviews.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

const SOUND = "exports.last = (items) => items[items.length - 1];\n";
const FAULT = "exports.last = (items) => items[items.length];";
const OLDER = "exports.first = (items) => items[1];";
const FILES = { "src/list.js": `${OLDER}\n` };

const isReviewer = (request: ModelRequest) => toldTo(request).some((text) => text.includes("Review this change"));
const isSentBack = (request: ModelRequest) => toldTo(request).some((text) => text.includes("Another reviewer"));

/** A writer that begins with a fault, then does what it is given; its reviewer sees that fault as long as it is there. */
function writer(world: () => string, repair: string) {
  let [begun, repaired] = [false, false];
  return (request: ModelRequest) => {
    if (isRefuter(request)) return refuting(request, "confirmed");
    if (isReviewer(request)) {
      const text = readFileSync(join(world(), "src/list.js"), "utf8");
      const older = finding("src/list.js", OLDER, { title: "Skips the first" });
      return reviewed(["src/list.js"], older, ...(text.includes(FAULT) ? [finding("src/list.js", FAULT)] : []));
    }
    if (isSentBack(request)) {
      if (repaired) return say("Repaired.");
      repaired = true;
      return run(repair);
    }
    if (begun) return say("DONE");
    begun = true;
    return run(`printf '%s\\n' '${FAULT}' >> src/list.js`);
  };
}

test("--review-rounds hands a fault of the run's own back to its thread, and ends when nothing blocks", async () => {
  let place = "";
  const repair = `printf '%s\\n%s' '${OLDER}' '${SOUND}' > src/list.js`;
  await using world = await createWorld({ files: FILES, script: writer(() => place, repair) });
  place = world.workspace;
  const asked = await ask(world, ["--review-rounds", "2", "--json", "task"]);
  expect(asked).toMatchObject({ code: 0, json: { repair_rounds: 1, checks: [{ type: "review", passed: true }] } });
  const sentBack = world.model.requests.filter(isSentBack).map((request) => toldTo(request).join("\n"));
  expect(sentBack.length).toBe(2);
  // What was there before is not the run's to repair.
  expect(sentBack.join("\n")).not.toContain("Skips the first");
  expect(asked.report).toContain("1 outside of the change");
});

inMatrix(() => {
  test.each([
    { name: "changes nothing", repair: "true", says: "nothing changed since the last review" },
    { name: "changes something else", repair: "echo // >> src/list.js", says: "no blocking finding is new" },
  ])("a repair that $name ends the rounds, and the run is not passed", async ({ repair, says }) => {
    let place = "";
    await using world = await createWorld({ files: FILES, script: writer(() => place, repair) });
    place = world.workspace;
    const asked = await ask(world, ["--review-rounds", "3", "task"]);
    expect(asked).toMatchObject({ code: 1, keys: { status: "validation_failed" } });
    expect(asked.report).toContain(says);
    expect(asked.report).toContain("src/list.js:2");
  });
});

test("a handoff that its review does not pass is not completed, and nothing is committed", async () => {
  let place = "";
  await using world = await createWorld({ files: FILES, script: writer(() => place, "true") });
  place = world.workspace;
  await plan(world, { files: ["src/**"], validation: ["node --check src/list.js"], commit: "Add last" });
  const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--review-rounds", "1"]);
  expect([ended.code, ended.result]).toMatchObject([
    1,
    {
      status: "failed",
      run_status: "validation_failed",
      commit: { type: "none" },
      notes: expect.stringContaining("nothing changed since"),
    },
  ]);
  // The document is what the work is held against.
  const told = world.model.requests.filter(isReviewer).map((request) => toldTo(request).join("\n"));
  expect(told[0]).toContain("The plan");
});
