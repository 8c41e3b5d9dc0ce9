import { existsSync, mkdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findWorkTree } from "../../../src/workspace/git/find-work-tree.ts";
import { locateTree } from "../../../src/workspace/snapshot/locate-tree.ts";
import { committed, emptyRepository, repositoryAt, scratchFolder } from "../../support/git/repository.ts";

/** A folder of each kind, and what is peculiar about where git looks for its repository. */
const FOLDERS: Readonly<Record<string, () => string>> = {
  "the root of a work tree": () => committed({ "a.txt": "a\n" }).root,
  "a folder in it": () => join(committed({ "in/a.txt": "a\n" }).root, "in"),
  "a link to one": () => {
    const link = join(scratchFolder(), "link");
    symlinkSync(committed({ "in/a.txt": "a\n" }).root, link);
    return join(link, "in");
  },
  "a repository without commits": () => emptyRepository().root,
  "no repository": () => scratchFolder(),
  "an ignored folder": () => {
    const { root } = committed({ ".gitignore": "/out\n" });
    mkdirSync(join(root, "out"));
    return join(root, "out");
  },
  "a linked work tree": () => {
    const linked = join(scratchFolder(), "linked");
    committed({ "a.txt": "a\n" }).git("worktree", "add", "--quiet", linked);
    return linked;
  },
  "the repository itself": () => join(committed({ "a.txt": "a\n" }).root, ".git", "refs"),
  "a bare repository": () => emptyRepository(scratchFolder(), "--bare").root,
  "a work tree that is elsewhere": () => {
    const { root, git } = committed({ "a.txt": "a\n" });
    git("config", "core.worktree", scratchFolder("elsewhere"));
    return root;
  },
  "a work tree that is said to be bare": () => {
    const { root, git } = committed({ "a.txt": "a\n" });
    git("config", "core.bare", "true");
    return root;
  },
  "a folder with a damaged repository in a sound one": () => {
    const { root } = committed({ "in/a.txt": "a\n" });
    mkdirSync(join(root, "in", ".git"));
    return join(root, "in");
  },
};

test.for(Object.entries(FOLDERS))("%s is found where git finds it", async ([, make]) => {
  const folder = make();
  const [located, found] = [await locateTree(folder).catch(String), await findWorkTree(folder).catch(String)];
  expect(typeof located === "string" ? located : realPaths(located.tree)).toEqual(realPaths(found));
});

/** Git names one and the same folder by the link it was called in, and by its real path. */
function realPaths(found: object | string | undefined): unknown {
  if (typeof found !== "object") return found;
  return Object.entries(found).map(([name, path]) => [name, existsSync(path) ? realpathSync(path) : path]);
}

test("what is read on the way is the repository's", async () => {
  const repository = repositoryAt(committed({ "in/a.txt": "a\n" }).root);
  repository.git("config", "filter.x.clean", "cat");
  const { read } = await locateTree(join(repository.root, "in"));
  expect(read?.settings.filters).toEqual(["x"]);
  expect([...(read?.refs.keys() ?? [])]).toEqual(["refs/heads/main"]);
});
