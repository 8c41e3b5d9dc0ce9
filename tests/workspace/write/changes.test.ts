import { chmodSync, readFileSync, readlinkSync, symlinkSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execaSync } from "execa";
import { afterEach, expect, test, vi } from "vitest";
import { AskCodexError } from "../../../src/errors.ts";
import { committed, type Repository, repositoryAt, scratchFolder } from "../../support/git/repository.ts";
import { apply, filesOf, patchFrom, repositoryState } from "../../support/git/worktrees.ts";

afterEach(() => vi.unstubAllEnvs());

test("when git fails in the middle of writing, the files are put back", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n", "in/c.txt": "c\n", "swap/file": "1\n" });
  const patch = await patchFrom(repository, ({ remove, root, write }) => {
    write("a.txt", "Codex\n");
    remove("b.txt");
    symlinkSync("a.txt", join(root, "b.txt"));
    remove("in");
    write("new/deep/d.txt", "d\n");
    remove("swap");
    write("swap", "2\n");
  });
  symlinkSync("nowhere", join(repository.root, "link"));
  repository.write("a.txt", "a\n");
  chmodSync(join(repository.root, "a.txt"), 0o640);
  const folder = scratchFolder("apply");
  // A git that does its work, spoils what is left and complains.
  const real = execaSync("which", ["git"]).stdout;
  const spoil = "echo half > a.txt; rm -rf in; echo 'error: unable to write file a.txt' >&2; exit 1";
  const fake = program(
    `case " $* " in *" apply --whitespace=nowarn - "*) ${real} "$@"; ${spoil};; esac; exec ${real} "$@"`,
  );
  const [state, files] = [repositoryState(repository), filesOf(repository)];
  vi.stubEnv("PATH", `${fake}${delimiter}${process.env["PATH"]}`);
  const error = await apply(repository, patch, folder).catch((reason) => reason);
  vi.unstubAllEnvs();
  expect(error).toBeInstanceOf(AskCodexError);
  expect(error.kind).toBe("system");
  expect(error.message).toBe("the patch could not be applied: git apply: error: unable to write file a.txt");
  expect(filesOf(repository)).toEqual(files);
  expect(repositoryState(repository)).toEqual(state);
  expect(readlinkSync(join(repository.root, "link"))).toBe("nowhere");
});

test("files that change while the patch is being merged are left alone", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  const patch = await patchFrom(repository, ({ write }) => {
    write("a.txt", "Codex\n");
    write("b.txt", "Codex\n");
  });
  const real = execaSync("which", ["git"]).stdout;
  const fake = program(`case " $* " in *" --check "*) echo late > b.txt;; esac; exec ${real} "$@"`);
  vi.stubEnv("PATH", `${fake}${delimiter}${process.env["PATH"]}`);
  await expect(apply(repository, patch)).rejects.toThrow(
    "the patch could not be applied: git apply: error: patch failed",
  );
  expect([read(repository, "a.txt"), read(repository, "b.txt")]).toEqual(["a\n", "late\n"]);
});

test.runIf(process.getuid?.() !== 0)(
  "a folder that may not be written to leaves all other files as they were, too",
  async () => {
    const repository = committed({ "a.txt": "a\n", "locked/b.txt": "b\n" });
    const patch = await patchFrom(repository, ({ write }) => {
      write("a.txt", "Codex\n");
      write("locked/b.txt", "Codex\n");
    });
    chmodSync(join(repository.root, "locked"), 0o555);
    const result = await apply(repository, patch).catch((reason) => reason);
    chmodSync(join(repository.root, "locked"), 0o755);
    expect(result).toBeInstanceOf(AskCodexError);
    expect([read(repository, "a.txt"), read(repository, "locked/b.txt")]).toEqual(["a\n", "b\n"]);
  },
);

function program(script: string): string {
  const bin = repositoryAt(scratchFolder("bin"));
  bin.write("git", `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin.root, "git"), 0o755);
  return bin.root;
}

function read({ root }: Repository, path: string): string {
  return readFileSync(join(root, path), "utf8");
}
