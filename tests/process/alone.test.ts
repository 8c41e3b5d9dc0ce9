import { join } from "node:path";
import { expect, test } from "vitest";
import { alone } from "../../src/process/alone.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("what is done alone waits for whoever is at it, also when that one fails", async () => {
  await using folder = await tempFolder();
  const place = { path: join(folder.path, "holds", "one"), limitMs: 60_000, doing: "tries this" };
  const seen: string[] = [];
  const act = (name: string) =>
    alone(place, async () => {
      seen.push(`${name} begins`);
      await new Promise((done) => setImmediate(done));
      seen.push(`${name} ends`);
      if (name === "b") throw new Error("b failed");
      return name;
    });
  const ended = await Promise.allSettled(["a", "b", "c"].map(act));
  expect(ended.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
  for (let at = 0; at < seen.length; at += 2) expect(seen[at + 1]).toBe(seen[at]?.replace("begins", "ends"));
  expect(seen).toHaveLength(6);
});
