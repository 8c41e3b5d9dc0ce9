import { writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { execaSync } from "execa";
import { afterEach, expect, test, vi } from "vitest";
import { combine } from "../../../../src/workspace/worktree/bring-together/combine.ts";
import { intoCheckout } from "../../../../src/workspace/worktree/bring-together/into-checkout.ts";
import { keepBranch } from "../../../../src/workspace/worktree/bring-together/keep-branch.ts";
import { committed, type Repository, scratchFolder } from "../../../support/git/repository.ts";
import { benchOf, resultOf, untouchedOf } from "../../../support/git/results.ts";
import { filesOf } from "../../../support/git/worktrees.ts";

afterEach(() => vi.unstubAllEnvs());

async function combined(files: Record<string, string>) {
  const repository = committed(files);
  const work = await benchOf(repository);
  const base = repository.git("rev-parse", "HEAD");
  const first = await resultOf(repository, work, "first", ({ write, remove }) => [
    write("a.txt", "one\n"),
    write("new/b.txt", "b\n"),
    remove("gone.txt"),
  ]);
  const { commit } = await combine(work, base, [first]);
  return { repository, tree: work.tree, base, commit };
}

const FILES = { "a.txt": "a\n", "gone.txt": "g\n", "other.txt": "o\n", ".gitignore": "new\n" };

test("a combined commit arrives uncommitted, and other edits of the user stay", async () => {
  const { repository, tree, base, commit } = await combined({ ...FILES, ".gitignore": "" });
  repository.write("other.txt", "the user's\n");
  repository.write("untracked.txt", "u\n");
  const landing = await intoCheckout(tree, { base, commit }, scratchFolder("landing"));
  expect(landing.type === "applied" && landing.files.map(({ path }) => path).sort()).toEqual([
    "a.txt",
    "gone.txt",
    "new/b.txt",
  ]);
  const status = repository.git("status", "--porcelain", "--untracked-files=all");
  expect(status).toBe(" M a.txt\n D gone.txt\n M other.txt\n?? new/b.txt\n?? untracked.txt");
  expect(repository.git("diff", "--stat", commit, "--", "a.txt", "gone.txt")).toBe("");
  expect(repository.git("rev-parse", "HEAD")).toBe(base);
});

test.each<{
  name: string;
  edit: (repository: Repository) => unknown;
  refused: { reason: string; what?: readonly string[] };
}>([
  {
    name: "a file of the result was edited",
    edit: ({ write }) => write("a.txt", "the user's\n"),
    refused: { reason: "dirty", what: ["a.txt"] },
  },
  {
    name: "a file of the result was staged",
    edit: ({ write, git }) => [write("a.txt", "the user's\n"), git("add", "a.txt")],
    refused: { reason: "dirty", what: ["a.txt"] },
  },
  {
    name: "HEAD is at another commit",
    edit: ({ git }) => git("commit", "--quiet", "--allow-empty", "--message=next"),
    refused: { reason: "moved" },
  },
  {
    name: "an ignored file lies where the result has one",
    edit: ({ write }) => write("new/b.txt", "ignored\n"),
    refused: { reason: "blocked", what: ["new/b.txt"] },
  },
  {
    name: "a merge is under way",
    edit: ({ git, write }) => write(`${git("rev-parse", "--git-dir")}/MERGE_HEAD`, git("rev-parse", "HEAD")),
    refused: { reason: "under_way", what: ["a merge"] },
  },
])("$name: nothing is written", async ({ edit, refused }) => {
  const { repository, tree, base, commit } = await combined({ ...FILES, ".gitignore": "" });
  if (refused.reason === "blocked") repository.write(".git/info/exclude", "new\n");
  edit(repository);
  const before = [filesOf(repository), untouchedOf(repository)];
  const landing = await intoCheckout(tree, { base, commit }, scratchFolder("landing"));
  expect(landing).toMatchObject({ type: "refused", ...refused });
  expect([filesOf(repository), untouchedOf(repository)]).toEqual(before);
});

test("a result is kept under a branch, never over one that is there", async () => {
  const { repository, tree, base, commit } = await combined(FILES);
  expect(await keepBranch(tree, "work/batch", commit)).toBe("work/batch");
  expect(await keepBranch(tree, "work/batch", commit)).toBe("work/batch");
  expect(await keepBranch(tree, "work/batch", base)).toBe("work/batch-2");
  expect(repository.git("rev-parse", "work/batch", "work/batch-2", "HEAD")).toBe(`${commit}\n${base}\n${base}`);
});

test("where git cannot write, nothing has changed, and the result can be kept elsewhere", async () => {
  const { repository, tree, base, commit } = await combined({ ...FILES, ".gitignore": "" });
  const before = filesOf(repository);
  const real = execaSync("which", ["git"]).stdout;
  const fake = join(scratchFolder("bin"), "git");
  const fail = "echo 'error: unable to create file new/b.txt: Permission denied' >&2; exit 1";
  writeFileSync(
    fake,
    `#!/bin/sh\ncase " $* " in *" apply --whitespace=nowarn - "*) ${fail};; esac\nexec ${real} "$@"\n`,
    { mode: 0o755 },
  );
  vi.stubEnv("PATH", `${dirname(fake)}${delimiter}${process.env["PATH"]}`);
  const landing = await intoCheckout(tree, { base, commit }, scratchFolder("landing"));
  vi.unstubAllEnvs();
  expect(landing).toMatchObject({ type: "refused", reason: "unwritable", what: [expect.stringContaining("denied")] });
  expect(filesOf(repository)).toEqual(before);
});
