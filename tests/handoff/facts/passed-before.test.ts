import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { judge } from "../../../src/handoff/judge/judge.ts";
import { committed } from "../../support/git/repository.ts";
import { contract } from "../../support/samples/handoff.ts";
import { workIn } from "../../support/work-in.ts";

test("what the work broke is told apart from what failed before it, and asked once", async () => {
  const repository = committed({ "src/a.ts": "good\n", ".gitignore": "deps/\n" });
  repository.write("deps/there", "");
  const log = `${repository.root}/deps/log`;
  const held = contract({
    scope: { files: ["src/**"], forbid: [] },
    validation: [`echo x >> ${log}; test -e deps/there && grep -q good src/a.ts`, "grep -q never src/a.ts", "true"],
  });
  // What was not committed before is not part of the work.
  repository.write("src/a.ts", "still good\n");
  const [first, second] = await workIn(repository, held, [
    () => repository.write("src/a.ts", "bad\n"),
    () => repository.write("src/a.ts", "worse\n"),
  ]);
  expect(first?.facts.validation.map(({ passedBefore }) => passedBefore)).toEqual([true, false, undefined]);
  expect(second?.facts.validation.map(({ passedBefore }) => passedBefore)).toEqual([true, false, undefined]);
  const messages = judge(held, first?.facts ?? expect.fail("no facts")).map(({ message }) => message);
  expect(messages).toEqual([
    expect.stringContaining("It succeeded before the work, which broke it."),
    expect.stringContaining("It failed before the work as well."),
  ]);
  expect(repository.git("worktree", "list").split("\n")).toHaveLength(1);
  expect(readFileSync(log, "utf8")).toBe("x\nx\nx\n");
});

test("where there is no commit, it is not known", async () => {
  const repository = committed({ "src/a.ts": "1\n" });
  repository.git("update-ref", "-d", "HEAD");
  const held = contract({ validation: ["false"] });
  const [work] = await workIn(repository, held, [() => repository.write("src/a.ts", "2\n")]);
  expect(work?.facts.validation[0]?.passedBefore).toBeNull();
  expect(work?.facts.idle).toBe(false);
});

test("work is idle that changed no file that is judged and made no file that is expected", async () => {
  const repository = committed({ "src/a.ts": "1\n", ".gitignore": "out/\n" });
  repository.write("out/old", "");
  const held = contract({ expectFiles: ["out/old", "out/new"] });
  const rounds = await workIn(repository, held, [
    () => repository.write("out/other", ""),
    () => repository.write("out/new", ""),
  ]);
  expect(rounds.map(({ facts }) => facts.idle)).toEqual([true, false]);
});
