import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { combine } from "../../../../src/workspace/worktree/bring-together/combine.ts";
import { ontoPresent } from "../../../../src/workspace/worktree/bring-together/onto-present.ts";
import { commitPresent } from "../../../../src/workspace/worktree/bring-together/present-commit.ts";
import { committed, type Repository } from "../../../support/git/repository.ts";
import { benchOf, filesIn, resultOf, untouchedOf } from "../../../support/git/results.ts";

const FILES = { "a.txt": "one\ntwo\nthree\nfour\nfive\nsix\n", "b.txt": "b\n", "gone.txt": "g\n" };

const textIn = ({ root }: Repository, path: string) => readFileSync(join(root, path), "utf8");

/** A result of HEAD, replanted on a base of uncommitted work. */
async function onBase(repository: Repository, base: string, id: string, edit: Parameters<typeof resultOf>[3]) {
  const work = await benchOf(repository);
  const made = await resultOf(repository, work, id, edit);
  const { commit } = await combine(work, base, [made]);
  return { id, base, commit, message: `${id}\n` };
}

test("the present work tree is a commit, uncommitted and untracked work included, and the repository stays as it is", async () => {
  const repository = committed({ ...FILES, ".gitignore": "*.log\n" });
  repository.write("b.txt", "edited\n");
  repository.write("new/c.txt", "c\n");
  repository.write("x.log", "ignored\n");
  rmSync(join(repository.root, "gone.txt"));
  const before = untouchedOf(repository);
  const base = await commitPresent(await benchOf(repository), "base\n");
  const files = { ".gitignore": "*.log", "a.txt": FILES["a.txt"].trimEnd(), "b.txt": "edited", "new/c.txt": "c" };
  expect(filesIn(repository, base)).toEqual(files);
  expect(untouchedOf(repository)).toEqual(before);
});

test("where nothing differs from HEAD, HEAD is the base", async () => {
  const repository = committed(FILES);
  expect(await commitPresent(await benchOf(repository), "base\n")).toBe(repository.git("rev-parse", "HEAD"));
});

test("results arrive one after the other beside uncommitted work, and a file that somebody edited elsewhere meanwhile keeps both", async () => {
  const repository = committed(FILES);
  repository.write("b.txt", "edited\n");
  const base = await commitPresent(await benchOf(repository), "base\n");
  const first = await onBase(repository, base, "first", ({ write }) =>
    write("a.txt", FILES["a.txt"].replace("one", "1")),
  );
  const second = await onBase(repository, base, "second", ({ write }) => write("new/c.txt", "c\n"));
  repository.write("a.txt", FILES["a.txt"].replace("six", "6"));
  expect(await ontoPresent(await benchOf(repository), first)).toEqual({ type: "arrived", files: ["a.txt"] });
  expect(await ontoPresent(await benchOf(repository), second)).toEqual({ type: "arrived", files: ["new/c.txt"] });
  const text = FILES["a.txt"].replace("one", "1").replace("six", "6");
  expect(textIn(repository, "a.txt")).toBe(text);
  expect(textIn(repository, "b.txt")).toBe("edited\n");
  expect(textIn(repository, "new/c.txt")).toBe("c\n");
});

test("what does not merge with an earlier result, or with what somebody has there, is not written", async () => {
  const repository = committed(FILES);
  const base = await commitPresent(await benchOf(repository), "base\n");
  const first = await onBase(repository, base, "first", ({ write }) => write("b.txt", "first\n"));
  const second = await onBase(repository, base, "second", ({ write }) => [
    write("b.txt", "second\n"),
    write("n", "n\n"),
  ]);
  const onto = async (result: typeof first) => ontoPresent(await benchOf(repository), result);
  expect(await onto(first)).toMatchObject({ type: "arrived" });
  expect(await onto(second)).toEqual({ type: "conflict", files: ["b.txt"] });
  const third = await onBase(repository, base, "third", ({ write }) => [write("a.txt", "third\n"), write("n", "n\n")]);
  repository.write("a.txt", "the user's\n");
  expect(await onto(third)).toEqual({ type: "conflict", files: ["a.txt"] });
  expect([textIn(repository, "a.txt"), textIn(repository, "b.txt")]).toEqual(["the user's\n", "first\n"]);
  expect(repository.git("status", "--porcelain")).toBe(" M a.txt\n M b.txt");
});
