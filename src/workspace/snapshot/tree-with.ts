import { createHash } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { HeadMoved, type IndexGit } from "../git/read-status.ts";
import type { Entry } from "../git/tree-entries.ts";
import { hashOfId } from "./index-file.ts";

/** What is in one folder, by raw name. */
type Folder = Map<string, Entry>;

interface Store {
  readonly git: IndexGit;
  /** Where new objects go, as loose ones. */
  readonly objects: string;
}

/**
 * The id of the tree that `base` (HEAD's, named by its commit; null: nothing) becomes when these files are put into it or, where they are
 * null, taken out. It costs what the folders of these files cost, where an index of all files would be read and written twice.
 */
export async function treeWith(
  { git, objects }: Store,
  base: string | null,
  changes: ReadonlyMap<string, Entry | null>,
): Promise<string> {
  const folders = foldersOf(changes.keys());
  const trees = base === null ? new Map<string, Folder>() : await readTrees(git, base, folders);
  const folderAt = (path: string) =>
    trees.get(path) ?? trees.set(path, new Map()).get(path) ?? new Map<string, Entry>();
  for (const [path, entry] of changes) {
    const folder = folderAt(parentOf(path));
    // A folder of the same name has changes of its own.
    if (entry !== null) folder.set(leafOf(path), entry);
    else if (folder.get(leafOf(path))?.mode !== TREE) folder.delete(leafOf(path));
  }
  const known = base ?? [...changes.values()].find((entry) => entry !== null)?.id;
  if (known === undefined) return (await git(["hash-object", "-t", "tree", "--stdin"], Buffer.alloc(0))).trim();
  const hash = hashOfId(known.replace(/\W.*/s, ""));
  // The deepest first; the root is the last.
  for (const path of folders.toReversed()) {
    const folder = folderAt(path);
    if (path === "") return writeTree(objects, hash, folder);
    const parent = folderAt(parentOf(path));
    if (changes.get(path) != null) continue; // a file by now
    if (folder.size > 0) parent.set(leafOf(path), { mode: TREE, id: await writeTree(objects, hash, folder) });
    else if (parent.get(leafOf(path))?.mode === TREE) parent.delete(leafOf(path));
  }
  throw new Error("a tree without a root");
}

const TREE = "40000";

/** All folders that these files are in, each before what is in it; the root is the empty path. */
function foldersOf(paths: Iterable<string>): string[] {
  const folders = new Set([""]);
  for (const path of paths) for (let at = parentOf(path); !folders.has(at); at = parentOf(at)) folders.add(at);
  return [...folders].sort((one, other) => depthOf(one) - depthOf(other));
}

/** Those of the folders that the tree has. */
async function readTrees(git: IndexGit, base: string, folders: readonly string[]): Promise<Map<string, Folder>> {
  const trees = new Map<string, Folder>();
  const keep = (folder: string, answer: Answer | undefined) => {
    if (answer?.type === "tree") trees.set(folder, parseTree(answer));
    else if (folder === "" || idIn(trees, folder) !== null)
      throw new Error(`git cannot read the folder ${JSON.stringify(folder)} of ${base}`);
  };
  // The slash: what is a file there is not read.
  const named = folders.filter((folder) => !folder.includes("\n"));
  const objects = named.map((folder) => (folder === "" ? base : `${base}:${folder}/`));
  const [head, ...answers] = await ask(git, ["HEAD^{commit}", ...objects]);
  if (head === undefined || !base.startsWith(head.id)) throw new HeadMoved();
  for (const [at, folder] of named.entries()) keep(folder, answers[at]);
  // What cannot be said in one line is asked for by its id, which the folder around it has.
  for (const folder of folders.filter((one) => one.includes("\n"))) {
    const id = idIn(trees, folder);
    if (id !== null) keep(folder, (await ask(git, [id]))[0]);
  }
  return trees;
}

function idIn(trees: ReadonlyMap<string, Folder>, folder: string): string | null {
  const entry = trees.get(parentOf(folder))?.get(leafOf(folder));
  return entry?.mode === TREE ? entry.id : null;
}

interface Answer {
  readonly id: string;
  readonly type: string;
  readonly content: string;
}

/** What git has under these names, each of one line; what it has not has no id. */
async function ask(git: IndexGit, objects: readonly string[]): Promise<Answer[]> {
  const output = await git(["cat-file", "--batch"], Buffer.from(objects.map((name) => `${name}\n`).join(""), "latin1"));
  const answers: Answer[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf("\n", at);
    const [, id = "", type = "", size] = /^([0-9a-f]+) ([a-z]+) (\d+)$/.exec(output.slice(at, end)) ?? [];
    const content = output.slice(end + 1, end + 1 + Number(size ?? 0));
    answers.push({ id, type, content });
    at = end + 1 + (id === "" ? 0 : content.length + 1);
  }
  return answers;
}

/** Each entry is `<mode> <name>`, a NUL, and the bytes of its id. */
function parseTree({ content, ...tree }: Answer): Folder {
  const folder: Folder = new Map();
  const idBytes = tree.id.length / 2;
  for (let at = 0; at < content.length; ) {
    const blank = content.indexOf(" ", at);
    const nul = content.indexOf("\0", blank);
    const id = Buffer.from(content.slice(nul + 1, nul + 1 + idBytes), "latin1").toString("hex");
    folder.set(content.slice(blank + 1, nul), { mode: content.slice(at, blank), id });
    at = nul + 1 + idBytes;
  }
  return folder;
}

/** Writes a tree as git does, and gives its id. */
async function writeTree(objects: string, hash: string, folder: Folder): Promise<string> {
  const sortKey = ([name, { mode }]: readonly [string, Entry]) => (mode === TREE ? `${name}/` : name);
  const entries = [...folder].sort((one, other) => (sortKey(one) < sortKey(other) ? -1 : 1));
  const content = entries.map(
    ([name, { mode, id }]) => `${mode} ${name}\0${Buffer.from(id, "hex").toString("latin1")}`,
  );
  const bytes = content.join("");
  const object = Buffer.from(`tree ${bytes.length}\0${bytes}`, "latin1");
  const id = createHash(hash).update(object).digest("hex");
  const place = join(objects, id.slice(0, 2));
  await mkdir(place, { recursive: true, mode: 0o700 });
  const file = join(place, id.slice(2));
  await writeFile(`${file}.new`, await promisify(deflate)(object, { level: 1 }), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return id;
}

function depthOf(folder: string): number {
  return folder === "" ? 0 : folder.split("/").length;
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}

function leafOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
