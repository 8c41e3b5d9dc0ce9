import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { batch, obedient, repositoryFacts, taskLines } from "../../support/model/batches.ts";
import { createWorld } from "../../support/world.ts";

test("without worktrees tasks work in the user's tree, each in its own files, and no worktree is made", async () => {
  await using world = await createWorld({ files: { "a.txt": "a\n", "b.txt": "b\n" }, script: obedient });
  const before = await repositoryFacts(world);
  const tasks = [
    { id: "one", prompt: "RUN: echo one > a.txt", files: ["a.txt"] },
    { id: "two", prompt: "RUN: echo two > b.txt", files: ["b.txt"] },
    { id: "out", prompt: "RUN: echo out > out.txt", files: ["in.txt"], after: ["one", "two"] },
  ];
  const ended = await batch(world, { tasks }, ["--worktree", "never"]);
  expect([ended.code, taskLines(ended)]).toEqual([
    5,
    {
      one: "status=completed files=1 applied=yes",
      two: "status=completed files=1 applied=yes",
      out: "status=contract_violation files=1 applied=yes",
    },
  ]);
  expect(await readFile(join(world.workspace, "b.txt"), "utf8")).toBe("two\n");
  const { "status --porcelain": _, ...facts } = before;
  expect(await repositoryFacts(world)).toMatchObject(facts);
});
