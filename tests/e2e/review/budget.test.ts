import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { finding, review, reviewed } from "../../support/reviews.ts";
import { createWorld } from "../../support/world.ts";

const QUOTE = "return items[items.length];";

test.each([
  ["--max-turns", "1"],
  ["--max-tokens", "1"],
])("%s that leaves no turn to refute makes the review incomplete", async (flag, limit) => {
  await using world = await createWorld({
    files: { "cart.js": "" },
    script: [reviewed(["cart.js"], finding("cart.js", QUOTE))],
  });
  await writeFile(join(world.workspace, "cart.js"), `export function last(items) {\n  ${QUOTE}\n}\n`);
  const asked = await review(world, [flag, limit, "--json"]);
  expect(asked).toMatchObject({
    code: 1,
    json: { verdict: "incomplete", cut_short: `${flag} ${limit} was reached`, coverage: { reviewed: 1, total: 1 } },
  });
  expect(asked.json).toMatchObject({ error: { kind: "review_incomplete" }, findings: [{ refutation: null }] });
});
