import { posix } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { FileChange } from "../../workspace/git/diff-trees.ts";
import { type PrivateWork, privateGit, treeOfIndex } from "../../workspace/git/private-git.ts";
import { textOf } from "../../workspace/git/raw-names.ts";
import { readBlobs } from "../../workspace/git/read-blobs.ts";
import type { IndexGit } from "../../workspace/git/read-status.ts";
import { changedEntries, type Entry, putEntries } from "../../workspace/git/tree-entries.ts";
import type { Handoff } from "../document/handoff.ts";
import { withoutCases } from "../source/without-cases.ts";
import { type FormerJudges, isRewrittenCase } from "./former-judges.ts";
import type { TreePair } from "./ignored-watch.ts";
import { withMovedImports } from "./moved-imports.ts";

/** The work with its judges as they were. */
export interface FormerState {
  readonly tree: string;
  /** The files that differ from what the work has made of them. */
  readonly paths: readonly string[];
  /** What was left out: test files, and test cases as `file "title"`. */
  readonly excepted: readonly string[];
}

/**
 * The tree of the work with these files as they were before it, but for what is the work's by right: new names of files in imports, what
 * a manifest has beside its scripts and settings of test runners, and test cases that a task names.
 */
export async function formerState(
  { tasks }: Pick<Handoff, "tasks">,
  work: PrivateWork,
  judges: Pick<FormerJudges, "paths" | "added" | "excepted">,
  { files, trees: { before, after } }: { readonly files: readonly FileChange[]; readonly trees: TreePair },
): Promise<FormerState> {
  const git = privateGit(work, "index.former");
  await git(["read-tree", after]);
  const wanted = new Set([...judges.paths, ...judges.added]);
  const entries = (await changedEntries(git, after, before, { renames: false })).filter(({ path }) =>
    wanted.has(textOf(path)),
  );
  const names = entries.map(({ path }) => textOf(path));
  const [old, now] = [await readBlobs(work, before, names), await readBlobs(work, after, names)];
  const put = new Map<string, Entry | null>();
  const excepted: string[] = [...judges.excepted];
  for (const { path: raw, before: made, after: was } of entries) {
    const path = textOf(raw);
    const text = old.get(path) ?? null;
    if (was === null || text === null) {
      put.set(raw, was);
      continue;
    }
    const moved = withMovedImports(path, text, files);
    const without = withoutCases(path, moved, (title) => isRewrittenCase(tasks, title));
    if (without === null) {
      excepted.push(path);
      continue;
    }
    excepted.push(...without.left.map((title) => `${path} ${JSON.stringify(title)}`));
    const kind = MANIFESTS[posix.basename(path)];
    const manifest = kind === undefined ? null : formerManifest(text, now.get(path) ?? null, kind);
    const wantedText = manifest ?? without.text;
    if (wantedText === now.get(path)) continue;
    const entry = wantedText === text ? was : { mode: was.mode, id: await stored(git, wantedText) };
    if (made?.id !== entry.id || made.mode !== entry.mode) put.set(raw, entry);
  }
  await putEntries(git, put);
  return { tree: await treeOfIndex(git), paths: [...put.keys()].map(textOf).sort(), excepted };
}

/** The manifest of now with the scripts and the settings of test runners from before. Null: it cannot be read. */
function formerManifest(before: string, after: string | null, { tasks, settings }: ManifestKind): string | null {
  try {
    const [was, is] = [JSON.parse(before), JSON.parse(after ?? "null")];
    if (typeof was !== "object" || typeof is !== "object" || was === null || is === null) return null;
    const merged = { ...is, ...(was[tasks] === undefined ? {} : { [tasks]: formerTasks(was[tasks], is[tasks]) }) };
    for (const key of settings) {
      if (was[key] === undefined) delete merged[key];
      else merged[key] = was[key];
    }
    return isDeepStrictEqual(merged, is) ? after : `${JSON.stringify(merged, null, 2)}\n`;
  } catch {
    return null;
  }
}

/** Those of before, and the new ones, but for what runs before or after one of them without being asked for. */
function formerTasks(was: Readonly<Record<string, unknown>>, is: Readonly<Record<string, unknown>> | undefined) {
  const added = Object.entries(is ?? {}).filter(([name]) => !(name in was) && !/^(?:pre|post)/.test(name));
  return { ...Object.fromEntries(added), ...was };
}

interface ManifestKind {
  /** The key of the commands that it names. */
  readonly tasks: string;
  /** The keys that configure test runners. */
  readonly settings: readonly string[];
}

/** Manifests that say more than how tests are run: what else the work has changed in them stays. */
const MANIFESTS: Readonly<Record<string, ManifestKind>> = {
  "package.json": {
    tasks: "scripts",
    settings: ["jest", "ava", "mocha", "nyc", "c8", "tap", "vitest", "wireit"],
  },
  "deno.json": { tasks: "tasks", settings: ["test"] },
  "deno.jsonc": { tasks: "tasks", settings: ["test"] },
  "composer.json": { tasks: "scripts", settings: [] },
};

async function stored(git: IndexGit, text: string): Promise<string> {
  return (await git(["hash-object", "-w", "--stdin"], Buffer.from(text))).trim();
}
