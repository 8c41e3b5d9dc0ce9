import { chmodSync, renameSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { combine } from "../../../../src/workspace/worktree/bring-together/combine.ts";
import { commitResult } from "../../../../src/workspace/worktree/bring-together/result-commit.ts";
import { changeInEveryKind, committedForEveryKind, LINES } from "../../../support/git/every-kind.ts";
import { committed } from "../../../support/git/repository.ts";
import { benchOf, filesIn, resultOf, untouchedOf } from "../../../support/git/results.ts";
import { patchFrom } from "../../../support/git/worktrees.ts";
import { withCases } from "../../../support/suite.ts";

withCases<"tree" | "index">({ change: ["tree"], matrix: ["index"] }, (ways) => {
  describe.each(ways)("by %s", (way) => {
    test("edits of different files and of different places in one file come together, and the user's repository stays", async () => {
      const repository = committed({ "a.txt": LINES, "b.txt": "b\n", "c.txt": "c\n" });
      repository.write("c.txt", "the user's\n");
      const work = await benchOf(repository);
      const results = [
        await resultOf(repository, work, "first", ({ write }) => write("a.txt", LINES.replace("line 2\n", "two\n"))),
        await resultOf(repository, work, "second", ({ write }) => write("a.txt", LINES.replace("line 25\n", "25\n"))),
        await resultOf(repository, work, "third", ({ write, remove }) => [remove("b.txt"), write("new/d.txt", "d\n")]),
        await resultOf(repository, work, "idle", () => {}),
      ];
      const base = repository.git("rev-parse", "HEAD");
      const before = untouchedOf(repository);
      const all = await combine(work, base, results, { way });
      expect(all.merged.map(({ id }) => id)).toEqual(["first", "second", "third", "idle"]);
      expect(all.conflicts).toEqual([]);
      const text = LINES.replace("line 2\n", "two\n").replace("line 25\n", "25\n").trimEnd();
      expect(filesIn(repository, all.commit)).toEqual({ "a.txt": text, "c.txt": "c", "new/d.txt": "d" });
      expect(repository.git("log", "--format=%s", `${base}..${all.commit}`)).toBe("third\nsecond\nfirst");
      expect(untouchedOf(repository)).toEqual(before);
    });

    test("a result that conflicts is left out with both sides, and those behind it still come in", async () => {
      const repository = committed({ "a.txt": "a\n", "b.txt": "b\n", "gone.txt": "g\n" });
      const work = await benchOf(repository);
      const results = [
        await resultOf(repository, work, "first", ({ write }) => [write("a.txt", "one\n"), write("gone.txt", "g2\n")]),
        await resultOf(repository, work, "second", ({ write, remove }) => [
          write("a.txt", "two\n"),
          remove("gone.txt"),
          write("b.txt", "never\n"),
        ]),
        await resultOf(repository, work, "third", ({ write }) => write("b.txt", "three\n")),
      ];
      const all = await combine(work, repository.git("rev-parse", "HEAD"), results, { way });
      expect(all.merged.map(({ id }) => id)).toEqual(["first", "third"]);
      expect(filesIn(repository, all.commit)).toEqual({ "a.txt": "one", "b.txt": "three", "gone.txt": "g2" });
      const [conflict] = all.conflicts;
      const content = (id: string | undefined) => (id === undefined ? null : repository.git("cat-file", "blob", id));
      const sides = conflict?.files.map(({ path, base, ours, theirs }) => [
        path,
        ...[base, ours, theirs].map((side) => content(side?.id)),
      ]);
      expect([conflict?.id, sides]).toEqual([
        "second",
        [
          ["a.txt", "a", "one", "two"],
          ["gone.txt", "g", "g2", null],
        ],
      ]);
    });

    test.each<Record<"one" | "other", [path: string, content: string]> & { name: string }>([
      { name: "the same new file with other contents", one: ["n", "1\n"], other: ["n", "2\n"] },
      { name: "a file where the other has a folder", one: ["n", "1\n"], other: ["n/file", "2\n"] },
      { name: "a folder where the other has a file", one: ["n/file", "1\n"], other: ["n", "2\n"] },
      { name: "binary files", one: ["bin", "\0one"], other: ["bin", "\0two"] },
    ])("$name: a conflict, and nothing of it in the tree", async ({ one, other }) => {
      const repository = committed({ "a.txt": "a\n", bin: "\0base" });
      const work = await benchOf(repository);
      const base = repository.git("rev-parse", "HEAD");
      const first = await resultOf(repository, work, "first", ({ write }) => write(...one));
      const second = await resultOf(repository, work, "second", ({ write }) => write(...other));
      const all = await combine(work, base, [first, second], { way });
      expect(all.conflicts.map(({ id, files }) => [id, files.length > 0])).toEqual([["second", true]]);
      const alone = await combine(work, base, [first], { way });
      expect(all.commit).toBe(alone.commit);
    });

    test("the same change in two results is not a conflict; a rename and an edit of the file go together", async () => {
      const repository = committed({ "a.txt": LINES, "b.txt": "b\n" });
      const work = await benchOf(repository);
      const edit = LINES.replace("line 9\n", "nine\n");
      const results = [
        await resultOf(repository, work, "edit", ({ write }) => [write("a.txt", edit), write("b.txt", "same\n")]),
        await resultOf(repository, work, "move", ({ root, write }) => {
          renameSync(join(root, "a.txt"), join(root, "moved.txt"));
          chmodSync(join(root, "moved.txt"), 0o755);
          write("b.txt", "same\n");
        }),
      ];
      const all = await combine(work, repository.git("rev-parse", "HEAD"), results, { way });
      expect(all.conflicts).toEqual([]);
      expect(filesIn(repository, all.commit)).toEqual({ "moved.txt": edit.trimEnd(), "b.txt": "same" });
      expect(repository.git("ls-tree", all.commit, "moved.txt")).toMatch(/^100755 /);
    });

    test("work on top of another result brings only its own changes along", async () => {
      const repository = committed({ "a.txt": "a\n" });
      const work = await benchOf(repository);
      const base = repository.git("rev-parse", "HEAD");
      const first = await resultOf(repository, work, "first", ({ write }) => write("a.txt", "one\n"));
      const onFirst = (await combine(work, base, [first], { way })).commit;
      repository.git("worktree", "add", "--quiet", "--detach", join(work.folder, "on"), onFirst);
      const made = await patchFrom({ ...repository, root: join(work.folder, "on") }, ({ write }) =>
        write("b.txt", "b\n"),
      );
      const second = {
        id: "second",
        base: onFirst,
        commit: await commitResult(work, made, "second\n"),
        message: "second\n",
      };
      expect(filesIn(repository, (await combine(work, base, [first, second], { way })).commit)).toEqual({
        "a.txt": "one",
        "b.txt": "b",
      });
      expect(filesIn(repository, (await combine(work, base, [second], { way })).commit)).toEqual({
        "a.txt": "a",
        "b.txt": "b",
      });
    });

    test("every kind of change survives being made a commit and combined with another", async () => {
      const repository = committedForEveryKind({ "other.txt": "o\n" });
      const work = await benchOf(repository);
      const results = [
        await resultOf(repository, work, "other", ({ write }) => write("other.txt", "changed\n")),
        await resultOf(repository, work, "all", changeInEveryKind),
      ];
      const all = await combine(work, repository.git("rev-parse", "HEAD"), results, { way });
      expect(all.conflicts).toEqual([]);
      const alone = results[1]?.commit ?? "";
      expect(repository.git("diff", "--name-only", alone, all.commit)).toBe("other.txt");
    });
  });
});

test("both ways make the same commit, at any time", async () => {
  const repository = committed({ "a.txt": LINES });
  const work = await benchOf(repository);
  const base = repository.git("rev-parse", "HEAD");
  const results = [
    await resultOf(repository, work, "first", ({ write }) => write("a.txt", LINES.replace("line 2\n", "two\n"))),
    await resultOf(repository, work, "second", ({ write }) => write("a.txt", LINES.replace("line 25\n", "25\n"))),
  ];
  const byTree = await combine(work, base, results, { way: "tree" });
  expect(await combine(work, base, results, { way: "index" })).toEqual(byTree);
  expect(await combine(work, base, results)).toEqual(byTree);
});

test("a merge driver of the user's configuration does not run; its file conflicts", async () => {
  const repository = committed({ ".gitattributes": "lock merge=ours\n", lock: "l\n" });
  repository.git("config", "merge.ours.driver", "touch ran; true");
  const work = await benchOf(repository);
  const results = [
    await resultOf(repository, work, "first", ({ write }) => write("lock", "one\n")),
    await resultOf(repository, work, "second", ({ write }) => write("lock", "two\n")),
  ];
  const all = await combine(work, repository.git("rev-parse", "HEAD"), results);
  expect(all.conflicts.map(({ files }) => files.map(({ path }) => path))).toEqual([["lock"]]);
  expect(repository.git("status", "--porcelain")).toBe("");
});
