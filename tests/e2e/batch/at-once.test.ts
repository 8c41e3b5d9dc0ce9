import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startAsk } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { obedient } from "../../support/model/batches.ts";
import { createWorld } from "../../support/world.ts";

test("two batches that end at the same moment in one tree: one is applied, the other keeps its result as a branch", async () => {
  await using world = await createWorld({ files: { "README.md": "r\n" }, script: obedient });
  const begin = (name: string) => {
    const path = join(world.home, `${name}.json`);
    writeFileSync(path, JSON.stringify({ tasks: [{ id: name, prompt: `RUN: echo ${name} > same.txt` }] }));
    return startAsk(world, ["batch", path]).done;
  };
  const both = await Promise.all(["first", "second"].map(begin));
  const [applied, kept] = both.toSorted((one, other) => Number(one.code) - Number(other.code));
  expect(applied?.keys, applied?.stderr).toMatchObject({ status: "completed", tasks: "1/1" });
  expect(kept?.keys, kept?.stderr).toMatchObject({ status: "failed", error_kind: "not_applied", tasks: "1/1" });
  const there = readFileSync(join(world.workspace, "same.txt"), "utf8").trim();
  const branch = await git(world.workspace, "show", `${kept?.keys["branch"]}:same.txt`);
  expect([there, branch].toSorted()).toEqual(["first", "second"]);
});
