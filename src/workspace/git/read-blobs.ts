import { type PrivateWork, privateGit } from "./private-git.ts";
import { fieldsOf, textOf } from "./raw-names.ts";
import type { IndexGit } from "./read-status.ts";
import type { Entry } from "./tree-entries.ts";

/**
 * The texts of these paths in a tree. Null: there is no such file, or it is a link, a repository, binary or too big to be
 * looked into. Bytes that are not UTF-8 show as U+FFFD.
 */
export async function readBlobs(
  work: PrivateWork,
  tree: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const git = privateGit(work, "index");
  const entries = await entriesAt(git, tree, paths);
  const files = [...entries].filter(([, { mode }]) => mode.startsWith("100"));
  const texts = await textsOf(git, [...new Set(files.map(([, { id }]) => id))]);
  const found = new Map(files.map(([path, { id }]) => [path, texts.get(id) ?? null]));
  return new Map(paths.map((path) => [path, found.get(path) ?? null]));
}

/** What a tree has under these paths, as far as it has anything. */
async function entriesAt(git: IndexGit, tree: string, paths: readonly string[]): Promise<ReadonlyMap<string, Entry>> {
  if (paths.length === 0) return new Map();
  const wanted = new Set(paths);
  // Only text can be an argument, and only so much of it.
  const named = paths.length <= MOST_ARGUMENTS && paths.every((path) => path !== "" && !path.includes("\ufffd"));
  const command = named
    ? ["--literal-pathspecs", "ls-tree", "-z", tree, "--", ...paths]
    : ["ls-tree", "-r", "-z", tree];
  const records = fieldsOf(await git(command));
  return new Map(
    records.flatMap((record) => {
      const [, mode = "", id = "", name = ""] = /^(\d+) \w+ (\w+)\t(.*)$/s.exec(record) ?? [];
      return wanted.has(textOf(name)) ? [[textOf(name), { mode, id }] as const] : [];
    }),
  );
}

async function textsOf(git: IndexGit, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const small = await smallOnes(git, ids);
  if (small.length === 0) return new Map();
  const output = await git(["cat-file", "--batch"], lines(small));
  const texts = new Map<string, string>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf("\n", at);
    const [id = "", , size] = output.slice(at, end).split(" ");
    const content = output.slice(end + 1, end + 1 + Number(size));
    if (!isBinary(content)) texts.set(id, textOf(content));
    at = end + 1 + content.length + 1;
  }
  return texts;
}

/** Those that are there (a partial clone may lack some) and not too big. */
async function smallOnes(git: IndexGit, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  let room = MOST_BYTES_TOGETHER;
  const records = (await git(["cat-file", "--batch-check"], lines(ids))).split("\n");
  return records.flatMap((record) => {
    const [id = "", type, size] = record.split(" ");
    if (type !== "blob" || Number(size) > MOST_BYTES || Number(size) > room) return [];
    room -= Number(size);
    return [id];
  });
}

function lines(ids: readonly string[]): Uint8Array {
  return Buffer.from(ids.map((id) => `${id}\n`).join(""));
}

/** As git sees it: a NUL near the beginning. */
function isBinary(content: string): boolean {
  return content.slice(0, 8_000).includes("\0");
}

const MOST_ARGUMENTS = 200;

// No source file that someone wrote is bigger; what is generated is not looked into.
const MOST_BYTES = 2_000_000;

// All of it is in memory at once.
const MOST_BYTES_TOGETHER = 100_000_000;
