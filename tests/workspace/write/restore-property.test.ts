import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import fc, { type Arbitrary } from "fast-check";
import { afterAll, expect } from "vitest";
import { AskCodexError } from "../../../src/errors.ts";
import { restoreFiles } from "../../../src/workspace/write/restore-files.ts";
import { applyEdits, BEFORE_EDITS, someEdits } from "../../support/git/random-edits.ts";
import { committed, observe, type Repository, scratchFolder } from "../../support/git/repository.ts";
import { repositoryState } from "../../support/git/worktrees.ts";
import { testAtRandom } from "../../support/trials.ts";

const DRAWS = { change: 4, full: 100 };

const drawn = fc.record({
  before: someEdits({ maxLength: 7 }),
  during: someEdits({ minLength: 1, maxLength: 10 }),
  everything: fc.boolean(),
  chosen: fc.infiniteStream(fc.boolean()),
});

const outcomes = { tried: 0, refused: 0 };

testAtRandom("random changes are undone exactly, all or some of them", DRAWS, drawn, async (edits) => {
  outcomes.tried += 1;
  if (!(await undoAtRandom(edits))) outcomes.refused += 1;
});

// A file in the place of a folder that is not to be undone cannot be put back; most cases are not like that.
afterAll(() => {
  if (outcomes.tried >= 20) expect(outcomes.refused).toBeLessThan(outcomes.tried / 2);
});

type Drawn = typeof drawn extends Arbitrary<infer Value> ? Value : never;

async function undoAtRandom({ everything, chosen: dice, ...edits }: Drawn): Promise<boolean> {
  const repository = committed(BEFORE_EDITS);
  applyEdits(repository.root, edits.before);
  const before = contents(repository);
  const seen = await observe(repository, () => applyEdits(repository.root, edits.during));
  const after = contents(repository);
  const state = repositoryState(repository);
  const chosen = seen.files.filter(() => everything || dice.next().value);
  const patch = join(scratchFolder("patches"), "undone.patch");
  const { tree, folder } = seen;
  const trees = { before: seen.before.tree, after: seen.after.tree };
  const undone = await restoreFiles({ tree, folder, filters: [], ...trees, files: chosen }, patch).catch((error) => {
    if (!(error instanceof AskCodexError)) throw error;
    return error;
  });
  const now = contents(repository);
  expect(repositoryState(repository)).toEqual(state);
  if (undone instanceof AskCodexError) {
    expect(now).toEqual(after);
    return false;
  }
  const expected = new Map(after);
  for (const path of undone.paths) {
    const was = before.get(path);
    if (was === undefined) expected.delete(path);
    else expected.set(path, was);
  }
  expect(now).toEqual(expected);
  // Only what is known by a stamp is left.
  for (const path of undone.left) {
    expect({ path, stamped: seen.before.stamps.has(path) || seen.after.stamps.has(path) }).toMatchObject({
      stamped: true,
    });
  }
  if (undone.paths.length > 0) repository.git("apply", patch);
  expect(contents(repository)).toEqual(after);
  return true;
}

/** Every file and link with what git knows of it; links are not followed. */
function contents({ root }: Pick<Repository, "root">, folder = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const name = join(folder, entry.name);
    const path = join(root, name);
    if (name === ".git") continue;
    if (entry.isDirectory()) for (const item of contents({ root }, name)) found.set(...item);
    else if (entry.isSymbolicLink()) found.set(name, `link ${readlinkSync(path)}`);
    else {
      const { mode, size } = lstatSync(path);
      const content = size > 1_000_000 ? `${size} bytes` : readFileSync(path, "latin1");
      found.set(name, `${(mode & 0o777).toString(8)} ${content}`);
    }
  }
  return found;
}
