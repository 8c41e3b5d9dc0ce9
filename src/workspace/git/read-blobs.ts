import { together } from "./git.ts";
import { type PrivateWork, privateGit } from "./private-git.ts";
import { fieldsOf, textOf } from "./raw-names.ts";
import type { IndexGit } from "./read-status.ts";

/**
 * The texts of these paths in a tree. Null: there is no such file, or it is a link, a repository, binary or too big to be
 * looked into. Bytes that are not UTF-8 show as U+FFFD.
 */
export async function readBlobs(
  work: PrivateWork,
  tree: string,
  paths: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  const [texts = new Map()] = await readBlobsIn(work, [{ tree, paths }]);
  return texts;
}

/** The same for paths in several trees, whose contents one git reads. */
export async function readBlobsIn(
  work: PrivateWork,
  wanted: readonly { readonly tree: string; readonly paths: readonly string[] }[],
): Promise<readonly ReadonlyMap<string, string | null>[]> {
  const git = privateGit(work, "index");
  const found = await together(wanted.map(({ tree, paths }) => filesAt(git, tree, paths)));
  const texts = await textsOf(
    git,
    new Map(found.flatMap((files) => [...files.values()].map(({ id, size }) => [id, size]))),
  );
  return wanted.map(
    ({ paths }, at) => new Map(paths.map((path) => [path, texts.get(found[at]?.get(path)?.id ?? "") ?? null])),
  );
}

interface File {
  readonly id: string;
  /** In bytes; not a number where it is not there: a partial clone may lack some. */
  readonly size: number;
}

/** The files that a tree has under these paths. */
async function filesAt(git: IndexGit, tree: string, paths: readonly string[]): Promise<ReadonlyMap<string, File>> {
  if (paths.length === 0) return new Map();
  const wanted = new Set(paths);
  // Only text can be an argument, and only so much of it.
  const named = paths.length <= MOST_ARGUMENTS && paths.every((path) => path !== "" && !path.includes("\ufffd"));
  const command = named
    ? ["--literal-pathspecs", "ls-tree", "-l", "-z", tree, "--", ...paths]
    : ["ls-tree", "-r", "-l", "-z", tree];
  const records = fieldsOf(await git(command));
  return new Map(
    records.flatMap((record) => {
      const [, id = "", size, name = ""] = /^100\d+ blob (\w+) +(\S+)\t(.*)$/s.exec(record) ?? [];
      return wanted.has(textOf(name)) ? [[textOf(name), { id, size: Number(size) }] as const] : [];
    }),
  );
}

async function textsOf(git: IndexGit, sizes: ReadonlyMap<string, number>): Promise<ReadonlyMap<string, string>> {
  const small = smallOnes(sizes);
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

/** The blobs that are there and not too big. */
function smallOnes(sizes: ReadonlyMap<string, number>): string[] {
  let room = MOST_BYTES_TOGETHER;
  return [...sizes].flatMap(([id, size]) => {
    if (!(size <= MOST_BYTES && size <= room)) return [];
    room -= size;
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
