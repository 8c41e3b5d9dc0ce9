import { chmodSync, existsSync, lstatSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AskCodexError } from "../../../src/errors.ts";
import { applyPatch } from "../../../src/workspace/write/apply-patch.ts";
import { changeInEveryKind, committedForEveryKind, EVERY_KIND, LINES } from "../../support/git/every-kind.ts";
import {
  committed,
  emptyRepository,
  type Repository,
  repositoryAt,
  scratchFolder,
  workTreeOf,
} from "../../support/git/repository.ts";
import { apply, filesOf, kindsOf, openSession, patchFrom, repositoryState } from "../../support/git/worktrees.ts";

test("every kind of change arrives in a clean work tree, and nothing in the repository", async () => {
  const repository = committedForEveryKind();
  const session = await openSession(repository);
  changeInEveryKind(session);
  const patch = await session.patch();
  const state = repositoryState(repository);
  const result = await apply(repository, patch);
  expect(result).toMatchObject({ type: "applied" });
  expect(filesOf(repository)).toEqual(filesOf(session));
  expect(repositoryState(repository)).toEqual(state);
  expect(repository.git("diff", "--cached", "--name-only")).toBe("");
  expect(kindsOf(patch).sort()).toEqual(EVERY_KIND);
  expect(result.type === "applied" && kindsOf(result).sort()).toEqual(EVERY_KIND);
});

test("an empty patch does nothing", async () => {
  const repository = committed({ "a.txt": "a\n" });
  expect(await apply(repository, await patchFrom(repository, () => {}))).toEqual({ type: "empty" });
});

test("what the user has uncommitted survives, in the same files as well", async () => {
  const repository = committed({
    "a.txt": LINES,
    "b.txt": "b\n",
    "moved.txt": LINES.replaceAll("line", "row"),
    c: "c\n",
  });
  const patch = await patchFrom(repository, (session) => {
    session.write("a.txt", LINES.replace("line 3\n", "Codex\n"));
    renameSync(join(session.root, "moved.txt"), join(session.root, "elsewhere.txt"));
    session.write("new.txt", "new\n");
    chmodSync(join(session.root, "c"), 0o755);
  });
  repository.write("a.txt", LINES.replace("line 25\n", "staged\n"));
  repository.git("add", "a.txt");
  repository.write("a.txt", LINES.replace("line 25\n", "user\n"));
  repository.write("b.txt", "user\n");
  repository.write("moved.txt", LINES.replaceAll("line", "row").replace("row 9", "user"));
  repository.write("c", "user\n");
  repository.write("untracked.txt", "user\n");
  const state = repositoryState(repository);
  expect(await apply(repository, patch)).toMatchObject({ type: "applied" });
  expect(read(repository, "a.txt")).toBe(LINES.replace("line 3\n", "Codex\n").replace("line 25\n", "user\n"));
  expect(read(repository, "b.txt")).toBe("user\n");
  expect(read(repository, "elsewhere.txt")).toBe(LINES.replaceAll("line", "row").replace("row 9", "user"));
  expect([read(repository, "c"), isExecutable(repository, "c")]).toEqual(["user\n", true]);
  expect(read(repository, "untracked.txt")).toBe("user\n");
  expect(existsSync(join(repository.root, "moved.txt"))).toBe(false);
  expect(repositoryState(repository)).toEqual(state);
});

test("what the user committed since is merged with", async () => {
  const repository = committed({ "a.txt": LINES });
  const patch = await patchFrom(repository, ({ write }) => write("a.txt", LINES.replace("line 3\n", "Codex\n")));
  repository.write("a.txt", `first\nsecond\n${LINES}`);
  repository.git("commit", "--quiet", "--all", "--message=second");
  expect(await apply(repository, patch)).toMatchObject({ type: "applied" });
  expect(read(repository, "a.txt")).toBe(`first\nsecond\n${LINES.replace("line 3\n", "Codex\n")}`);
});

test("what is there already is not a conflict, and a second time changes nothing", async () => {
  const repository = committed({ "a.txt": "a\n", "gone.txt": "gone\n", "old.txt": LINES });
  const patch = await patchFrom(repository, (session) => {
    session.write("a.txt", "b\n");
    session.write("new.txt", "new\n");
    session.write("big.bin", Buffer.alloc(11_000_000, 1));
    session.remove("gone.txt");
    renameSync(join(session.root, "old.txt"), join(session.root, "renamed.txt"));
  });
  repository.write("new.txt", "new\n");
  repository.write("big.bin", Buffer.alloc(11_000_000, 1));
  repository.remove("gone.txt");
  const first = await apply(repository, patch);
  expect(first.type === "applied" && kindsOf(first)).toEqual(["changed a.txt", "renamed old.txt -> renamed.txt"]);
  expect(await apply(repository, patch)).toEqual({ type: "applied", files: [] });
});

test("a repository in the middle of a merge, with staged and hidden edits, stays in it", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n", "hidden.txt": LINES });
  const patch = await patchFrom(repository, ({ write }) => {
    write("b.txt", "Codex\n");
    write("hidden.txt", LINES.replace("line 3", "Codex"));
  });
  repository.git("checkout", "--quiet", "-b", "side");
  repository.write("a.txt", "side\n");
  repository.git("commit", "--quiet", "--all", "--message=side");
  repository.git("checkout", "--quiet", "main");
  repository.write("a.txt", "main\n");
  repository.git("commit", "--quiet", "--all", "--message=main");
  expect(() => repository.git("merge", "side")).toThrow("CONFLICT");
  repository.git("update-index", "--assume-unchanged", "hidden.txt");
  repository.write("hidden.txt", LINES.replace("line 25", "user"));
  const [state, merging] = [repositoryState(repository), read(repository, "a.txt")];
  expect(await apply(repository, patch)).toMatchObject({ type: "applied" });
  expect(repositoryState(repository)).toEqual(state);
  expect([read(repository, "a.txt"), read(repository, "b.txt")]).toEqual([merging, "Codex\n"]);
  expect(read(repository, "hidden.txt")).toBe(LINES.replace("line 25", "user").replace("line 3", "Codex"));
});

test("a patch can be applied in a linked work tree, after its own worktree is gone", async () => {
  const main = committed({ "a.txt": "a\n" });
  const patch = await patchFrom(main, ({ write }) => write("a.txt", "Codex\n"));
  main.git(
    "worktree",
    "remove",
    "--force",
    main.git("worktree", "list", "--porcelain").match(/(?<=worktree ).*state.*/)?.[0] ?? "",
  );
  const side = repositoryAt(join(scratchFolder(), "side"));
  main.git("worktree", "add", "--quiet", "-b", "side", side.root);
  expect(await apply(side, patch)).toMatchObject({ type: "applied" });
  expect([read(side, "a.txt"), read(main, "a.txt")]).toEqual(["Codex\n", "a\n"]);
});

test("a sha256 repository works", async () => {
  const repository = emptyRepository(scratchFolder(), "--object-format=sha256");
  repository.write("a.txt", LINES);
  repository.write("gone.txt", "gone\n");
  repository.git("add", "--all");
  repository.git("commit", "--quiet", "--message=first");
  const patch = await patchFrom(repository, ({ remove, write }) => {
    write("a.txt", LINES.replace("line 3", "Codex"));
    remove("gone.txt");
  });
  repository.write("a.txt", LINES.replace("line 25", "user"));
  expect(await apply(repository, patch)).toMatchObject({ type: "applied", files: [{}, {}] });
  expect(read(repository, "a.txt")).toBe(LINES.replace("line 25", "user").replace("line 3", "Codex"));
});

test("a patch of another repository, or a broken one, is refused", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const patch = await patchFrom(repository, ({ write }) => write("a.txt", "Codex\n"));
  const other = committed({ "b.txt": "b\n" });
  await expect(apply(other, patch)).rejects.toThrow(/^the patch cannot be read: git read-tree: /);
  const broken = { ...patch, patch: patch.patch.subarray(0, -8) };
  await expect(apply(repository, broken)).rejects.toThrow(/^the patch cannot be read: git apply: error: /);
  await expect(apply(repository, { ...patch, patch: Buffer.from("none") })).rejects.toBeInstanceOf(AskCodexError);
  expect(read(repository, "a.txt")).toBe("a\n");
});

test("an abort before the first write leaves everything as it was", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const patch = await patchFrom(repository, ({ write }) => write("a.txt", "Codex\n"));
  const aborted = AbortSignal.abort(new Error("stop"));
  const tree = await workTreeOf(repository.root);
  await expect(applyPatch(tree, patch, scratchFolder(), aborted)).rejects.toThrow("stop");
  expect(read(repository, "a.txt")).toBe("a\n");
});

function read({ root }: Repository, path: string): string {
  return readFileSync(join(root, path), "utf8");
}

function isExecutable({ root }: Repository, path: string): boolean {
  return (lstatSync(join(root, path)).mode & 0o111) !== 0;
}
