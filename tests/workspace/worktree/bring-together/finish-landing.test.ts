import { rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { combine } from "../../../../src/workspace/worktree/bring-together/combine.ts";
import { finishLanding } from "../../../../src/workspace/worktree/bring-together/finish-landing.ts";
import { intoCheckout } from "../../../../src/workspace/worktree/bring-together/into-checkout.ts";
import { LINES } from "../../../support/git/every-kind.ts";
import { committed, type Repository, scratchFolder } from "../../../support/git/repository.ts";
import { benchOf, resultOf } from "../../../support/git/results.ts";
import { filesOf } from "../../../support/git/worktrees.ts";

async function landing() {
  const repository = committed({ "a.txt": LINES, "b.txt": "b\n", "gone.txt": "g\n", "other.txt": "o\n" });
  const work = await benchOf(repository);
  const base = repository.git("rev-parse", "HEAD");
  const result = await resultOf(repository, work, "all", ({ write, remove }) => [
    write("a.txt", `${LINES}more\n`),
    write("b.txt", "bb\n"),
    write("new/c.txt", LINES),
    remove("gone.txt"),
  ]);
  const { commit } = await combine(work, base, [result]);
  return { repository, tree: work.tree, commits: { base, commit } };
}

test.each<{ name: string; leave: (repository: Repository) => unknown }>([
  { name: "nothing was written yet", leave: () => {} },
  {
    name: "some files are as they should become",
    leave: ({ write }) => [write("b.txt", "bb\n"), write("new/c.txt", LINES)],
  },
  { name: "a file was removed to be written anew", leave: ({ root }) => rmSync(join(root, "a.txt")) },
  {
    name: "a file was cut off in the middle",
    leave: ({ root, write, remove }) => {
      write("a.txt", `${LINES}more\n`);
      truncateSync(join(root, "a.txt"), 20);
      write("new/c.txt", LINES.slice(0, 9));
      remove("gone.txt");
    },
  },
])("killed when $name: the rest follows", async ({ leave }) => {
  const { repository, tree, commits } = await landing();
  repository.write("other.txt", "the user's\n");
  leave(repository);
  expect(await finishLanding(tree, commits, scratchFolder("again"))).toMatchObject({ type: "applied" });
  repository.git("add", "--all");
  expect(repository.git("diff", "--cached", "--name-only", commits.commit)).toBe("other.txt");
});

test("a second time nothing happens", async () => {
  const { repository, tree, commits } = await landing();
  await intoCheckout(tree, commits, scratchFolder("first"));
  const before = filesOf(repository);
  expect(await finishLanding(tree, commits, scratchFolder("again"))).toEqual({ type: "applied", files: [] });
  expect(filesOf(repository)).toEqual(before);
});

test("a file that the user edited is refused, and nothing is written", async () => {
  const { repository, tree, commits } = await landing();
  repository.write("b.txt", "the user's\n");
  const before = filesOf(repository);
  const end = await finishLanding(tree, commits, scratchFolder("again"));
  expect(end).toEqual({ type: "refused", reason: "dirty", what: ["b.txt"] });
  expect(filesOf(repository)).toEqual(before);
});
