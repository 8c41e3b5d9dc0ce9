import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { AskCodexError } from "../../../src/errors.ts";
import { restoreFiles } from "../../../src/workspace/write/restore-files.ts";
import { dice } from "../../support/dice.ts";
import { BEFORE_EDITS, editAtRandom } from "../../support/git/random-edits.ts";
import { committed, observe, type Repository, scratchFolder } from "../../support/git/repository.ts";
import { repositoryState } from "../../support/git/worktrees.ts";

// The same cases every time; `SEED=…` looks at others.
const SEED = Number(process.env["SEED"] ?? 20_261_121);
const CASES = Number(process.env["CASES"] ?? 20);

test(`random changes are undone exactly, all or some of them (SEED=${SEED})`, { timeout: 600_000 }, async () => {
  let refused = 0;
  for (let seed = SEED; seed < SEED + CASES; seed += 1) if (!(await undoAtRandom(seed))) refused += 1;
  // A file in the place of a folder that is not to be undone cannot be put back; most cases are not like that.
  expect(refused).toBeLessThan(CASES / 2);
});

async function undoAtRandom(seed: number): Promise<boolean> {
  const { number } = dice(seed);
  const random = (below: number) => Math.floor(number(below));
  const repository = committed(BEFORE_EDITS);
  const edit = (times: number) => {
    for (let at = 0; at < times; at += 1) editAtRandom(repository.root, random);
  };
  edit(random(8));
  const before = contents(repository);
  const seen = await observe(repository, () => edit(1 + random(10)));
  const after = contents(repository);
  const state = repositoryState(repository);
  const everything = random(2) === 0;
  const chosen = seen.files.filter(() => everything || random(2) === 0);
  const patch = join(scratchFolder("patches"), "undone.patch");
  const { tree, folder } = seen;
  const trees = { before: seen.before.tree, after: seen.after.tree };
  const undone = await restoreFiles({ tree, folder, filters: [], ...trees, files: chosen }, patch).catch((error) => {
    if (!(error instanceof AskCodexError)) throw error;
    return error;
  });
  const now = contents(repository);
  expect({ seed, state: repositoryState(repository) }).toEqual({ seed, state });
  if (undone instanceof AskCodexError) {
    expect({ seed, files: now }).toEqual({ seed, files: after });
    return false;
  }
  const expected = new Map(after);
  for (const path of undone.paths) {
    const was = before.get(path);
    if (was === undefined) expected.delete(path);
    else expected.set(path, was);
  }
  expect({ seed, files: now }).toEqual({ seed, files: expected });
  // Only what is known by a stamp is left.
  for (const path of undone.left) {
    expect({ seed, path, stamped: seen.before.stamps.has(path) || seen.after.stamps.has(path) }).toMatchObject({
      stamped: true,
    });
  }
  if (undone.paths.length > 0) repository.git("apply", patch);
  expect({ seed, files: contents(repository) }).toEqual({ seed, files: after });
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
