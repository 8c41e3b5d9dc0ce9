import { createHash } from "node:crypto";
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { committed, emptyRepository, observe, type Repository, scratchFolder } from "../../support/git/repository.ts";

afterEach(() => vi.unstubAllEnvs());

test("snapshots leave every byte and every date of the repository as it was", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n" });
  repository.write("a.txt", "stashed\n");
  repository.git("stash");
  repository.write("a.txt", "staged\n");
  repository.git("add", "a.txt");
  repository.write("b.txt", "edited before\n");
  repository.write("new before.txt", "new\n");
  await expectUntouched(repository, () => {
    repository.write("c.txt", "edited by the run\n");
    repository.write("new.txt", "by the run\n");
    repository.remove("b.txt");
  });
});

test("a repository whose index would be refreshed by a status keeps it", async () => {
  const repository = committed({ "a.txt": "a\n" });
  utimesSync(join(repository.root, "a.txt"), 1, 1);
  await expectUntouched(repository, () => utimesSync(join(repository.root, "a.txt"), 2, 2));
});

test("a repository without an index gets none", async () => {
  const repository = emptyRepository();
  await expectUntouched(repository, () => repository.write("new.txt", "new\n"));
});

test("a split index and an untracked cache stay as they are", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  repository.git("config", "core.splitIndex", "true");
  repository.git("config", "splitIndex.maxPercentChange", "0"); // each write would make a new shared half
  repository.git("config", "core.untrackedCache", "true");
  repository.git("update-index", "--split-index", "--force-untracked-cache");
  await expectUntouched(repository, () => repository.write("a.txt", "edited\n"));
});

test("no hook, no file system monitor and no filter of the repository is started", async () => {
  const repository = committed({ "a.txt": "a\n", ".gitattributes": "*.txt filter=spy\n" });
  const marker = join(scratchFolder(), "started");
  const spy = `sh -c 'echo "$0" >> "${marker}"; cat'`;
  repository.write(".git/hooks/post-index-change", `#!/bin/sh\necho hook >> "${marker}"\n`);
  repository.git("config", "core.fsmonitor", spy);
  repository.git("config", "filter.spy.clean", spy);
  repository.git("config", "filter.spy.process", spy);
  repository.git("config", "filter.spy.required", "true");
  chmodSync(join(repository.root, ".git/hooks/post-index-change"), 0o755);
  const { lines } = await observe(repository, () => {
    repository.write("a.txt", "b\n");
    repository.write("b.txt", "b\n");
  });
  expect(lines).toEqual(["changed a.txt +? -?", "added b.txt +? -?"]);
  expect(existsSync(marker)).toBe(false);
});

test("a filter that was configured by the run itself is not started either", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const marker = join(scratchFolder(), "started");
  await observe(repository, () => {
    repository.git("config", "filter.evil.clean", `sh -c 'echo started >> "${marker}"; cat'`);
    repository.write(".gitattributes", "* filter=evil\n");
    repository.write("a.txt", "b\n");
  });
  expect(() => readFileSync(marker)).toThrow("ENOENT");
});

test("a filter whose name cannot be switched off is refused", async () => {
  const repository = committed({ "a.txt": "a\n" });
  repository.git("config", "filter.a=b.clean", "cat");
  await expect(observe(repository, () => {})).rejects.toThrow('the filter "a=b" cannot be switched off');
});

test("the variables that git gives to its hooks do not lead elsewhere", async () => {
  const repository = committed({ "a.txt": "a\n" });
  const other = committed({ "other.txt": "other\n" });
  vi.stubEnv("GIT_DIR", join(other.root, ".git"));
  vi.stubEnv("GIT_INDEX_FILE", join(other.root, ".git/index"));
  vi.stubEnv("GIT_OBJECT_DIRECTORY", join(other.root, ".git/objects"));
  const state = stateOf(other);
  const { lines } = await observe(repository, () => repository.write("a.txt", "b\n"));
  expect(lines).toEqual(["changed a.txt +1 -1"]);
  expect(stateOf(other)).toEqual(state);
});

async function expectUntouched(repository: Repository, edit: () => void): Promise<void> {
  const state = stateOf(repository);
  const { files } = await observe(repository, edit);
  expect(files.length + state.size).toBeGreaterThan(0);
  expect(stateOf(repository)).toEqual(state);
}

// Every file and folder below .git: a lock file that came and went shows in the date of its folder.
function stateOf({ root }: Repository): Map<string, string> {
  const names = readdirSync(join(root, ".git"), { recursive: true, encoding: "utf8" });
  return new Map(
    [".", ...names].map((name) => {
      const path = join(root, ".git", name);
      const stats = lstatSync(path, { bigint: true });
      const hash = stats.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "";
      // Whoever reads a split index dates its shared half anew, so that it does not expire.
      const date = name.startsWith("sharedindex.") ? "" : stats.mtimeNs;
      return [name, `${stats.mode} ${date} ${hash}`];
    }),
  );
}
