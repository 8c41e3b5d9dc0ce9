import { join } from "node:path";
import { expect, test } from "vitest";
import { marksNothing } from "../../../src/workspace/snapshot/index-flags.ts";
import { committed, emptyRepository, type Repository, scratchFolder } from "../../support/git/repository.ts";

const FILES = {
  "a.txt": "a\n",
  "in/b.txt": "b\n",
  "in/a long name of a file, to fill more than eight bytes.txt": "c\n",
};

const STATES: readonly (readonly [what: string, nothing: boolean, change: (repository: Repository) => void])[] = [
  ["an index as git leaves it", true, () => {}],
  [
    "one with a file that is to be added later",
    true,
    ({ git, write }) => {
      write("new.txt", "1\n");
      git("add", "-N", "new.txt");
    },
  ],
  ["one with a conflict's three versions", true, conflict],
  ["one with an unchanged assumed", false, ({ git }) => void git("update-index", "--assume-unchanged", "in/b.txt")],
  [
    "one with a file that is not looked at",
    false,
    ({ git }) => void git("update-index", "--skip-worktree", "in/b.txt"),
  ],
  ["a compressed one", false, ({ git }) => void git("update-index", "--index-version=4")],
  ["a split one", false, ({ git }) => void git("update-index", "--split-index")],
];

test.for(STATES)("%s: nothing is marked, as far as can be seen: %s", ([, nothing, change]) => {
  const repository = committed(FILES);
  change(repository);
  expect(marksNothing(join(repository.root, ".git", "index"))).toBe(nothing);
});

test("git has to say it of an index with longer hashes; where there is no index nothing is marked", () => {
  const { root, git, write } = emptyRepository(scratchFolder(), "--object-format=sha256");
  expect(marksNothing(join(root, ".git", "index"))).toBe(true);
  for (const name of ["a.txt", "b.txt"]) write(name, "1\n");
  git("add", "--all");
  expect(marksNothing(join(root, ".git", "index"))).toBe(false);
});

function conflict({ git, write }: Repository): void {
  git("checkout", "--quiet", "-b", "side");
  write("a.txt", "side\n");
  git("commit", "--quiet", "-am", "side");
  git("checkout", "--quiet", "main");
  write("a.txt", "main\n");
  git("commit", "--quiet", "-am", "main");
  expect(() => git("merge", "side")).toThrow();
}
