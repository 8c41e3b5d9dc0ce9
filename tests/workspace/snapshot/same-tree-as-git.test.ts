import { join } from "node:path";
import { execaSync } from "execa";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareSnapshots } from "../../../src/workspace/snapshot/compare.ts";
import { takeSnapshot } from "../../../src/workspace/snapshot/snapshot.ts";
import { applyEdits, BEFORE_EDITS, someEdits } from "../../support/git/random-edits.ts";
import {
  committed,
  emptyRepository,
  type Repository,
  scratchFolder,
  workTreeOf,
} from "../../support/git/repository.ts";
import { testAtRandom } from "../../support/trials.ts";

const DRAWS = { change: 4, full: 150, timeout: 900_000 };

const ATTRIBUTES = ["", "* text=auto\n", "*.md binary\nd/** text eol=crlf\n"];

const drawn = fc.record({
  convert: fc.constantFrom("true", "input", "false"),
  modes: fc.boolean(),
  attributes: fc.constantFrom(...ATTRIBUTES),
  empty: fc.boolean(),
  rounds: fc.array(
    fc.record({
      edits: someEdits({ maxLength: 9 }),
      staged: fc.constantFrom("nothing", "all", "commit"),
      removed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 3 },
  ),
});

testAtRandom("the tree of a snapshot is the one that git add and write-tree make", DRAWS, drawn, async (draw) => {
  const repository = draw.empty ? emptyRepository() : committed({ ...BEFORE_EDITS, ".gitattributes": draw.attributes });
  repository.git("config", "core.autocrlf", draw.convert);
  repository.git("config", "core.fileMode", String(draw.modes));
  const [tree, folder] = [await workTreeOf(repository.root), scratchFolder("run")];
  for (const { edits, staged, removed } of draw.rounds) {
    // Big files are known by a stamp, and in no tree.
    applyEdits(
      repository.root,
      edits.filter(({ kind }) => kind !== "big"),
    );
    if (staged !== "nothing") repository.git("add", "--all");
    if (staged === "commit") repository.git("commit", "--quiet", "--allow-empty", "--message=next");
    if (removed) repository.git("rm", "--cached", "-r", "--quiet", "--ignore-unmatch", "d");
    const { tree: recorded } = await takeSnapshot(tree, folder);
    expect(idOf(repository, recorded, folder)).toBe(treeByIndex(repository));
  }
});

test("line ends and modes are taken as the index has them, where the configuration says so", async () => {
  const repository = committed({ "crlf.txt": "a\r\n", "run.sh": "true\n" });
  repository.git("update-index", "--chmod=+x", "run.sh");
  repository.git("commit", "--quiet", "--message=executable");
  repository.git("config", "core.autocrlf", "true");
  repository.git("config", "core.fileMode", "false");
  const [tree, folder] = [await workTreeOf(repository.root), scratchFolder("run")];
  repository.write("crlf.txt", "a\r\nb\r\n");
  repository.write("run.sh", "true\nfalse\n");

  const { tree: recorded } = await takeSnapshot(tree, folder);

  expect(idOf(repository, recorded, folder)).toBe(treeByIndex(repository));
});

test("a folder whose name has a line break keeps what else is in it", async () => {
  const repository = committed({ "a\nb/c\nd/e.txt": "1\n", "a\nb/f.txt": "1\n", "a\nb/c\nd/g.txt": "1\n" });
  const [tree, folder] = [await workTreeOf(repository.root), scratchFolder("run")];
  repository.write("a\nb/c\nd/e.txt", "2\n");
  repository.write("a\nb/new\nfolder/h.txt", "1\n");
  const before = await takeSnapshot(tree, folder);
  expect(idOf(repository, before.tree, folder)).toBe(treeByIndex(repository));
  repository.remove("a\nb/new\nfolder");
  const after = await takeSnapshot(tree, folder);
  expect(idOf(repository, after.tree, folder)).toBe(treeByIndex(repository));
  const { files } = await compareSnapshots({ tree, folder }, before, after);
  expect(files.map(({ kind, path }) => `${kind} ${path}`)).toEqual(["deleted a\nb/new\nfolder/h.txt"]);
});

test("what a sparse checkout keeps off the disk stays in the tree, and its attributes count", async () => {
  const repository = committed({
    ...{ ".gitattributes": "* text=auto\n", "in/a.txt": "a\n", "out/b.txt": "b\n", "out/.gitattributes": "* -text\n" },
  });
  repository.git("sparse-checkout", "set", "--no-cone", "/in/");
  const [tree, folder] = [await workTreeOf(repository.root), scratchFolder("run")];
  repository.write("in/a.txt", "a\r\nb\r\n");
  repository.write("out/new.txt", "c\r\nd\r\n");

  const { tree: recorded } = await takeSnapshot(tree, folder);

  const lines = (path: string) => inFolder(repository, folder, "cat-file", "-p", `${recorded}:${path}`);
  expect([lines("in/a.txt"), lines("out/new.txt"), lines("out/b.txt")]).toEqual(["a\nb", "c\r\nd", "b"]);
});

/** The id of what a snapshot calls its tree. */
function idOf(repository: Repository, tree: string, folder: string): string {
  return inFolder(repository, folder, "rev-parse", tree);
}

function inFolder({ root }: Repository, folder: string, ...command: string[]): string {
  const objects = { GIT_ALTERNATE_OBJECT_DIRECTORIES: join(folder, "objects") };
  return execaSync("git", command, { cwd: root, env: objects }).stdout;
}

/** The work tree by way of an index of all files. */
function treeByIndex({ root }: Repository): string {
  const folder = scratchFolder("index");
  const env = {
    GIT_INDEX_FILE: join(folder, "index"),
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: join(root, ".git", "objects"),
  };
  const run = (...command: string[]) => execaSync("git", command, { cwd: root, env }).stdout;
  // -p: with a younger date it would vouch for edits of the same second.
  execaSync("sh", ["-c", `cp -p .git/index "$GIT_INDEX_FILE" || true`], { cwd: root, env });
  run("add", "--all");
  return run("write-tree");
}
