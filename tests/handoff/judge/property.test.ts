import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { expect } from "vitest";
import { judge } from "../../../src/handoff/judge/judge.ts";
import { namesOf, offendingFiles } from "../../../src/handoff/judge/own-files.ts";
import { type RestoredFiles, restoreFiles } from "../../../src/workspace/write/restore-files.ts";
import { stashFiles } from "../../../src/workspace/write/stash-files.ts";
import { applyEdits, BEFORE_EDITS, someEdits } from "../../support/git/random-edits.ts";
import { committed, scratchFolder } from "../../support/git/repository.ts";
import { repositoryState } from "../../support/git/worktrees.ts";
import { contract } from "../../support/samples/handoff.ts";
import { testAtRandom } from "../../support/trials.ts";
import { workIn } from "../../support/work-in.ts";

const DRAWS = { change: 3, full: 100 };

const drawn = fc.record({
  before: someEdits({ maxLength: 7 }),
  during: someEdits({ minLength: 1, maxLength: 8 }),
  stashes: fc.boolean(),
});

testAtRandom(
  "random work is judged as a walk over the files says, and looking writes nothing",
  DRAWS,
  drawn,
  judgeAtRandom,
);

const FORBID = ["*.log", "j/"];
const held = contract({ scope: { files: ["a.txt", "d/**"], forbid: FORBID } }, { maxFiles: 100 });
// A pattern for all that is in a folder is about the folder, too: a file in its place.
const isForbidden = (path: string) => /^[^/]*\.log$/.test(path) || /^j(\/|$)/.test(path);
const isAllowed = (path: string) => path === "a.txt" || /^d(\/|$)/.test(path);

type Drawn = typeof drawn extends Arbitrary<infer Value> ? Value : never;

async function judgeAtRandom({ stashes, ...edits }: Drawn): Promise<void> {
  const repository = committed(BEFORE_EDITS);
  repository.write("a.txt", "stashed\n");
  repository.git("stash", "--quiet");
  const { root } = repository;
  applyEdits(root, edits.before);
  const tracked = new Set(repository.git("ls-files", "-z").split("\0"));
  const state = repositoryState(repository);
  let before = new Map<string, string>();
  let after = before;
  const [work] = await workIn(repository, held, [
    () => {
      before = walk(root, tracked);
      applyEdits(root, edits.during);
      after = walk(root, tracked);
    },
  ]);
  if (work === undefined) throw new Error("no round");
  const { facts, place, changes, ignoredTrees } = work;
  const findings = judge(held, facts);
  expect(repositoryState(repository)).toEqual(state);

  const differs = [...new Set([...before.keys(), ...after.keys()])].filter(
    (path) => before.get(path) !== after.get(path),
  );
  // Of ignored files only those that are forbidden are looked at.
  const seen = differs.filter((path) => !/\.log(\/|$)/.test(path) || isForbidden(path));
  expect(facts.files.flatMap(namesOf).sort()).toEqual(seen.sort());
  const found = findings.filter(({ rule }) => rule === "forbidden" || rule === "scope");
  const wrong = facts.files.filter((file) => namesOf(file).some((path) => isForbidden(path) || !isAllowed(path)));
  expect(found.length).toEqual(wrong.length);

  const { own, ignored } = offendingFiles(found, facts);
  const { tree, snapshots: folder } = place;
  const patches = scratchFolder("patches");
  const undo = { tree, folder, filters: [] };
  const mine = { ...undo, ...changes.trees, files: own };
  const [patch, ignoredPatch] = [join(patches, "own.patch"), join(patches, "ignored.patch")];
  const done = await (stashes ? stashFiles(mine, "test", patch) : restoreFiles(mine, patch)).catch(unlessInTheWay);
  const theirs = ignoredTrees && { ...undo, ...ignoredTrees, files: ignored };
  const apart = theirs && (await restoreFiles(theirs, ignoredPatch).catch(unlessInTheWay));
  const expected = new Map(after);
  for (const path of [...done.paths, ...(apart?.paths ?? [])]) {
    const was = before.get(path);
    if (was === undefined) expected.delete(path);
    else expected.set(path, was);
  }
  expect(walk(root, tracked)).toEqual(expected);
  if (!stashes || done.paths.length === 0) return;
  const listed = repository.git("diff", "--name-only", "-z", "--no-renames", "stash@{0}^1", "stash@{0}");
  expect(listed.split("\0").slice(0, -1).sort()).toEqual([...done.paths].sort());
}

/** A file cannot be put back where a folder stays. */
function unlessInTheWay(error: Error): RestoredFiles {
  if (!error.message.includes("others are in the way")) throw error;
  return { paths: [], left: [] };
}

/** Kind, executable bit and content of every file; of what a stamp stands for, the stamp. */
function walk(root: string, tracked: ReadonlySet<string>, folder = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const name = join(folder, entry.name);
    const path = join(root, name);
    if (name === ".git") continue;
    if (entry.isDirectory()) for (const item of walk(root, tracked, name)) found.set(...item);
    else if (entry.isSymbolicLink()) found.set(name, `link ${readlinkSync(path)}`);
    else {
      const { mode, size, mtimeMs } = lstatSync(path);
      const stamped = !tracked.has(name) && size > 10_000_000;
      const content = stamped
        ? `${size} ${mtimeMs} ${mode}`
        : createHash("sha1").update(readFileSync(path)).digest("hex");
      found.set(name, `file ${mode & 0o100} ${content}`);
    }
  }
  return found;
}
