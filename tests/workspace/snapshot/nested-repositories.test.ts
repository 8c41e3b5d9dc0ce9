import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { committed, emptyRepository, observe } from "../../support/git/repository.ts";

test("a submodule counts by its commit, and nothing inside is touched", async () => {
  const library = committed({ "lib.txt": "1\n" });
  const repository = committed({ "a.txt": "a\n" });
  repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.root, "lib");
  repository.git("config", "-f", ".gitmodules", "submodule.lib.ignore", "all");
  repository.git("commit", "--quiet", "--all", "--message=submodule");
  const inside = { cwd: "lib", identity: ["-c", "user.name=Test", "-c", "user.email=test@example.org"] };
  const index = readFileSync(join(repository.root, ".git/modules/lib/index"));
  const edited = await observe(repository, () => repository.write("lib/lib.txt", "2\n"));
  expect(edited.lines).toEqual([]);
  expect(readFileSync(join(repository.root, ".git/modules/lib/index"))).toEqual(index);
  const moved = await observe(repository, () =>
    repository.git("-C", inside.cwd, ...inside.identity, "commit", "--quiet", "--all", "--message=inside"),
  );
  expect(moved.lines).toEqual(["changed lib +? -?"]);
});

test("an untracked repository counts by its commit", async () => {
  const repository = committed({ "a.txt": "a\n" });
  mkdirSync(join(repository.root, "unborn"));
  emptyRepository(join(repository.root, "unborn"));
  mkdirSync(join(repository.root, "nested"));
  const nested = committed({ "x.txt": "x\n" }, join(repository.root, "nested"));
  const { lines, dirtyBefore } = await observe(repository, () => {
    nested.write("x.txt", "uncommitted\n");
    repository.write("unborn/file.txt", "1\n");
    repository.git("clone", "--quiet", "nested", "cloned");
  });
  expect(lines).toEqual(["added cloned +? -?"]);
  expect(dirtyBefore).toEqual(["nested", "unborn"]);
  const second = await observe(repository, () => nested.git("commit", "--quiet", "--all", "--message=second"));
  expect(second.lines).toEqual(["changed nested +? -?"]);
});
