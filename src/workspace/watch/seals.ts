import { createHash } from "node:crypto";
import { readdir, readlink, stat } from "node:fs/promises";
import { basename, isAbsolute, join, relative, resolve } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { isErrno } from "../../errors.ts";
import { readPlainBytes } from "../../files/read-plain.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { GitError, runGit } from "../git/git.ts";
import { fieldsOf, textOf } from "../git/raw-names.ts";
import { readSettings, type Settings } from "../git/read-settings.ts";

/** What sealed files are at one moment. */
export interface Seals {
  /** The folder that git took hooks from. */
  readonly hooks: string;
  /** What each file holds, as a hash, by the name that reports use. */
  readonly hashes: ReadonlyMap<string, string>;
}

export interface SealOptions {
  /** The full paths of the document and of the policy that counts; null: there is none. */
  readonly files: readonly (string | null)[];
  /** The folder whose hooks are read; by default where git takes them from now. */
  readonly hooks?: string;
  /** Where the configuration was read just now, to spare a git. */
  readonly settings?: Settings;
  /** The user's and the machine's settings of git as well, which name hooks and programs like the repository's. */
  readonly everySetting?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Hashes what a run under a contract must leave alone, wherever it lies: the document, the policy, the roles, git's hooks, the
 * repository's configuration, in which the remotes are, its own ignore rules and attributes, and where else it takes objects from.
 */
export async function sealFiles(tree: WorkTree, { files, signal, ...options }: SealOptions): Promise<Seals> {
  const settings = options.settings ?? (await settingsOf(tree, signal));
  const hooks = options.hooks ?? (await hooksFolder(tree, settings, signal));
  const found = await Promise.all([
    ...files.flatMap((file) => (file === null ? [] : [hashOf(file, named(tree, file))])),
    hashOf(join(tree.root, ".ask-codex", "policy.yaml"), ".ask-codex/policy.yaml"),
    ...(await hashesBelow(tree, join(tree.root, ".ask-codex", "roles"))),
    ...(await hookHashes(tree, hooks)),
    ...includedHashes(tree, settings, options.everySetting === true),
    hashIn(tree, join(tree.commonDir, "objects", "info"), "alternates"),
    ...["exclude", "attributes"].map((name) => hashIn(tree, join(tree.commonDir, "info"), name)),
    hashOf(join(tree.commonDir, "config"), CONFIGURATION),
    hashOf(join(tree.gitDir, "config.worktree"), `${CONFIGURATION} of this work tree`),
  ]);
  return { hooks, hashes: new Map(found.flatMap((one) => (one === null ? [] : [one]))) };
}

/** The names of what was made, changed or removed, sorted. Both looks were for the same hooks. */
export function brokenSeals({ hashes: before }: Seals, { hashes: after }: Seals): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.filter((name) => before.get(name) !== after.get(name)).sort();
}

const CONFIGURATION = "the git configuration";

type Sealed = readonly [name: string, hash: string] | null;

/** Where git looks for hooks now. */
async function hooksFolder(
  tree: WorkTree,
  { hooks }: Pick<Settings, "hooks">,
  signal: AbortSignal | undefined,
): Promise<string> {
  const usual = join(tree.commonDir, "hooks");
  if (hooks === null) return usual;
  // `~/hooks`, `%(prefix)/hooks`: what they stand for git alone knows.
  if (!/^[~%:]/.test(hooks)) return resolve(tree.root, hooks);
  const command = ["config", "-z", "--type=path", "--get-all", "core.hooksPath"];
  try {
    // The last value is the one that `runGit` sets.
    const own = fieldsOf(await runGit(command, { cwd: tree.root, signal })).at(-2);
    return own === undefined || own === "" ? usual : resolve(tree.root, textOf(own));
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return usual;
  }
}

/** The folder's files and those of its folders (husky keeps the real ones in `_`). */
async function hookHashes(tree: WorkTree, folder: string): Promise<Promise<Sealed>[]> {
  // A repository may name its own root: then only what git would run is a hook.
  const isAround = !relative(folder, tree.root).startsWith("..");
  const names = await namesIn(folder);
  // husky 9 keeps what git runs in `_`, out of the user's sight; that starts the user's scripts of the same names beside it.
  const parent = join(folder, "..");
  const besides =
    basename(folder) === "_" && isInside(tree.root, folder)
      ? (await namesIn(parent)).filter((name) => HOOKS.test(name)).map((name) => hashIn(tree, parent, name))
      : [];
  if (isAround) return names.filter((name) => HOOKS.test(name)).map((name) => hashIn(tree, folder, name));
  const nested = await inBatches(names, async (name) =>
    (await namesIn(join(folder, name))).map((inner) => `${name}/${inner}`),
  );
  return [...besides, ...[...names, ...nested.flat()].map((name) => hashIn(tree, folder, name))];
}

/**
 * What the configuration includes (include.path) and the work could reach, or every other file of settings: they may set hooks and
 * remotes like the rest.
 */
function includedHashes(
  tree: WorkTree,
  { files: configured }: Pick<Settings, "files">,
  every: boolean,
): Promise<Sealed>[] {
  const own = [join(tree.commonDir, "config"), join(tree.gitDir, "config.worktree")];
  const inside = (file: string) => [tree.root, tree.gitDir, tree.commonDir].some((folder) => isInside(folder, file));
  const files = new Set(configured.map((file) => resolve(tree.root, file)));
  return [...files]
    .filter((file) => (every || inside(file)) && !own.includes(file))
    .map((file) => hashOf(file, named(tree, file)));
}

async function settingsOf(tree: WorkTree, signal: AbortSignal | undefined): Promise<Pick<Settings, "hooks" | "files">> {
  try {
    return await readSettings(tree, signal);
  } catch (error) {
    // Broken by the work: then one of the files that were read before is another one now.
    if (!(error instanceof GitError)) throw error;
    return { hooks: null, files: [] };
  }
}

function isInside(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside !== "" && !/^\.\.(?:\/|$)/.test(inside) && !isAbsolute(inside);
}

async function hashesBelow(tree: WorkTree, folder: string): Promise<Promise<Sealed>[]> {
  const names = await readdir(folder, { recursive: true }).catch(unlessNone);
  return names.map((name) => hashIn(tree, folder, name));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(unlessNone);
}

function hashIn(tree: WorkTree, folder: string, name: string): Promise<Sealed> {
  const path = join(folder, name);
  return hashOf(path, named(tree, path));
}

/** Null: there is no file. */
export async function hashOf(path: string, name: string): Promise<Sealed> {
  try {
    // A link is sealed with what it leads to: either may be exchanged.
    const link = await readlink(path).catch(() => "");
    // Reading from a FIFO would never end.
    if (!(await stat(path)).isFile()) return link === "" ? null : [name, link];
    const hash = createHash("sha256")
      .update(`${link}\0`)
      .update(readPlainBytes(path, { follow: true }));
    return [name, hash.digest("hex")];
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "ELOOP")) return null;
    if (isErrno(error, "EACCES", "EPERM")) return [name, "unreadable"];
    throw error;
  }
}

/** Relative to the root where it is inside. */
function named(tree: WorkTree, path: string): string {
  const inside = relative(tree.root, path);
  return inside.startsWith("..") ? path : inside;
}

function unlessNone(error: unknown): string[] {
  if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES")) return [];
  throw error;
}

const HOOKS =
  /^(?:applypatch-msg|pre-applypatch|post-applypatch|pre-commit|pre-merge-commit|prepare-commit-msg|commit-msg|post-commit|pre-rebase|post-checkout|post-merge|pre-push|pre-receive|update|proc-receive|post-receive|post-update|reference-transaction|push-to-checkout|pre-auto-gc|post-rewrite|sendemail-validate|fsmonitor-watchman|p4-\w+|post-index-change)$/;
