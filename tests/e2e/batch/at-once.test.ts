import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startAsk } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { batch, obedient } from "../../support/model/batches.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

inMatrix(() => {
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
});

test("a tree that was moved to another commit meanwhile is left alone; the result is kept as a branch", async () => {
  let moved = "";
  await using world = await createWorld({
    files: { "README.md": "r\n" },
    script: (request) => {
      if (moved === "") {
        const identity = ["-c", "user.name=u", "-c", "user.email=u@example.org"];
        execFileSync("git", [...identity, "commit", "--quiet", "--allow-empty", "-m", "The user's own"], {
          cwd: world.workspace,
        });
        moved = execFileSync("git", ["rev-parse", "HEAD"], { cwd: world.workspace, encoding: "utf8" }).trim();
      }
      return obedient(request);
    },
  });
  const ended = await batch(world, { tasks: [{ id: "one", prompt: "RUN: echo one > one.txt" }] });
  expect(ended.keys, ended.stderr).toMatchObject({ status: "failed", error_kind: "not_applied", tasks: "1/1" });
  expect(ended.stderr).toContain(`the work tree is at another commit now: ${moved}`);
  expect(ended.stderr).toContain(`git merge ${ended.keys["branch"]}`);
  expect(await git(world.workspace, "status", "--porcelain")).toBe("");
  expect(await git(world.workspace, "rev-parse", "HEAD")).toBe(moved);
  expect(await git(world.workspace, "show", `${ended.keys["branch"]}:one.txt`)).toBe("one");
});
