import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type PackOptions, type Parcel, packCommit } from "../../../src/workspace/travel/pack.ts";
import { unpackInto } from "../../../src/workspace/travel/unpack.ts";
import { committedForEveryKind } from "../../support/git/every-kind.ts";
import {
  committed,
  emptyRepository,
  type Repository,
  repositoryAt,
  scratchFolder,
  workTreeOf,
} from "../../support/git/repository.ts";
import { filesOf, repositoryState } from "../../support/git/worktrees.ts";

const LIMIT = 64 * 1024 * 1024;

async function packed(repository: Repository, commit = "HEAD", beside?: PackOptions["beside"]): Promise<Parcel> {
  const tree = await workTreeOf(repository.root);
  return packCommit({ tree, commit, beside, folder: scratchFolder("packing"), limit: LIMIT });
}

test("the files of a commit arrive as they were, without its history", async () => {
  const repository = committedForEveryKind({ "with a blank/ünï.txt": "a\n" });
  const there = scratchFolder("there");
  const parcel = await packed(repository);
  await unpackInto(there, parcel);
  expect(filesOf(repositoryAt(there))).toEqual(filesOf(repository));
  const { git } = repositoryAt(there);
  expect(git("rev-list", "HEAD")).toBe(parcel.commit);
  expect(git("status", "--porcelain")).toBe("");
  expect(git("rev-parse", "HEAD^{tree}")).toBe(repository.git("rev-parse", "HEAD^{tree}"));
});

test("packing leaves the user's repository as it was: neither object nor ref is new", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const before = repositoryState(repository);
  await packed(repository);
  expect(repositoryState(repository)).toEqual(before);
});

test("the same files are the same commit, whatever history they come from", async () => {
  const one = committed({ "a.txt": "a\n" });
  const other = committed({ "a.txt": "b\n" });
  other.write("a.txt", "a\n");
  other.git("commit", "--quiet", "--all", "--message=second");
  expect((await packed(one)).commit).toBe((await packed(other)).commit);
});

test("a second parcel beside the first one carries only what is new, and the files become its own", async () => {
  const noise = Array.from({ length: 20_000 }, (_, line) => `${(line * 7919) % 10_007}`).join("\n");
  const repository = committed({ "a.txt": "a\n", "gone.txt": "g\n", "large.txt": noise });
  const first = repository.git("rev-parse", "HEAD");
  const there = scratchFolder("there");
  const base = await packed(repository);
  await unpackInto(there, base);
  repositoryAt(there).write("left behind.txt", "x\n");
  repository.write("a.txt", "b\n");
  repository.remove("gone.txt");
  repository.git("commit", "--quiet", "--all", "--message=second");
  const next = await packed(repository, "HEAD", { commit: first, as: "files" });
  expect(next.bundle.length).toBeLessThan(base.bundle.length / 10);
  await unpackInto(there, next);
  expect(filesOf(repositoryAt(there))).toEqual(filesOf(repository));
  await unpackInto(there, await packed(repository, first, { commit: first, as: "files" }));
  expect(readFileSync(join(there, "gone.txt"), "utf8")).toBe("g\n");
});

test("a repository of the other kind of hash, and one without files, travel too", async () => {
  const wide = emptyRepository(undefined, "--object-format=sha256");
  wide.write("a.txt", "a\n");
  wide.git("add", "--all");
  wide.git("commit", "--quiet", "--message=first");
  const there = scratchFolder("there");
  await unpackInto(there, await packed(wide));
  expect(readFileSync(join(there, "a.txt"), "utf8")).toBe("a\n");
  const empty = scratchFolder("empty");
  await unpackInto(empty, await packed(committed({})));
  expect(filesOf(repositoryAt(empty))).toEqual(filesOf(committed({})));
});

test("a parcel over the limit, one with another commit than it says, and one without what it stands beside are refused", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const tree = await workTreeOf(repository.root);
  const small = packCommit({ tree, commit: "HEAD", folder: scratchFolder("packing"), limit: 100 });
  await expect(small).rejects.toThrow(/too large/);
  const parcel = await packed(repository);
  await expect(unpackInto(scratchFolder("there"), { ...parcel, commit: "0".repeat(40) })).rejects.toThrow(
    /are not those of/,
  );
  const beside = await packed(repository, "HEAD", { commit: "HEAD", as: "files" });
  await expect(unpackInto(scratchFolder("there"), beside)).rejects.toThrow();
});

test("a parcel beside a commit that another clone has by its own way needs only what is new", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const first = repository.git("rev-parse", "HEAD");
  const clone = scratchFolder("clone");
  repositoryAt(clone).git("clone", "--quiet", repository.root, ".");
  repository.write("a.txt", "b\n");
  repository.git("commit", "--quiet", "--all", "--message=second");
  await unpackInto(clone, await packed(repository, "HEAD", { commit: first, as: "itself" }));
  expect(readFileSync(join(clone, "a.txt"), "utf8")).toBe("b\n");
});
