import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Asking, ask, startAsk } from "../../support/ask.ts";
import { run, say, silence } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { finding, isProver, isRefuter, proving, refuting, reviewed } from "../../support/reviews.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

const FAULT = "return items[items.length];";

/** A model that answers as a review needs it until `silent`. */
async function worldOf(silent: (request: ModelRequest) => boolean): Promise<World> {
  const world = await createWorld({
    files: { "cart.js": "" },
    script: (request) => {
      if (silent(request)) return silence();
      if (isProver(request)) return proving(request, { "Reads past the end of the list": "sleep 120" });
      if (isRefuter(request)) return refuting(request, "confirmed");
      return reviewed(["cart.js"], finding("cart.js", FAULT));
    },
  });
  await writeFile(join(world.workspace, "cart.js"), `export function last(items) {\n  ${FAULT}\n}\n`);
  return world;
}

async function interrupted({ child, done }: Asking) {
  child.kill("SIGINT");
  return done;
}

test("a review that is cancelled before its answer says so, not that the answer was bad", async () => {
  await using world = await worldOf(() => true);
  await using asking = startAsk(world, ["review"]);
  await world.model.asked(1);
  const asked = await interrupted(asking);
  expect(asked).toMatchObject({ code: 130, keys: { verdict: "not_reviewed", status: "cancelled" } });
  expect(asked.report).toContain("Cut short: the review was cancelled.");
  expect(asked.report).toContain("its run ended as cancelled");
});

inMatrix(() => {
  test("a review that is cancelled while it refutes is incomplete", async () => {
    await using world = await worldOf(isRefuter);
    await using asking = startAsk(world, ["review", "--json"]);
    await world.model.asked(2);
    expect(await interrupted(asking)).toMatchObject({
      code: 130,
      json: { status: "cancelled", verdict: "incomplete", cut_short: "the review was cancelled" },
    });
  });
});

test("a test that was ended with its review says nothing about the finding", async () => {
  await using world = await worldOf(() => false);
  await using asking = startAsk(world, ["review", "--prove", "--json"]);
  await asking.stderrLine(/proving /);
  expect(await interrupted(asking)).toMatchObject({
    code: 130,
    json: {
      ...{ status: "cancelled", verdict: "incomplete", cut_short: "the review was cancelled" },
      findings: [{ refutation: { answer: "confirmed" }, proof: null }],
    },
  });
  expect((await ask(world, ["review", "show"])).stdout).not.toContain("not_reproduced");
});

inMatrix(() => {
  test("a run whose review is cancelled says why it was not reviewed", async () => {
    await using world = await createWorld({
      files: { "cart.js": "" },
      script: (_, index) => [run("echo 1 >> cart.js"), say("Done.")][index] ?? silence(),
    });
    await using asking = startAsk(world, ["--review-rounds", "1", "task"]);
    await world.model.asked(3);
    const asked = await interrupted(asking);
    expect(asked.report).toContain("not_reviewed: the review was cancelled");
  });
});
