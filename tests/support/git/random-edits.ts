import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";

export type Random = (below: number) => number;

/** Whole numbers from 0 up to a limit, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

/** One random edit below the root. Few names, so that edits meet: a file where a folder was, a link where a file was. */
export function editAtRandom(root: string, random: Random): unknown {
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;
  const path = join(root, pick(NAMES));
  const other = join(root, pick(NAMES));
  const isFile = isSmallFile(path);
  const text = () => Array.from({ length: random(12) }, () => `${random(30)}\n`).join("");
  switch (pick(EDITS)) {
    case "write":
      return clear(root, path) && writeFileSync(path, text());
    case "append":
      return isFile ? writeFileSync(path, readFileSync(path, "latin1") + text(), "latin1") : undefined;
    case "binary":
      return clear(root, path) && writeFileSync(path, Buffer.from([0, random(256), 10, random(256)]));
    case "delete":
      return clear(root, path);
    case "rename":
      return isFile && clear(root, other) && isSmallFile(path) ? renameSync(path, other) : undefined;
    case "mode":
      return isFile ? chmodSync(path, random(2) ? 0o755 : 0o644) : undefined;
    case "link":
      return clear(root, path) && symlinkSync(pick(["a.txt", "/nowhere", "nowhere", "d"]), path);
    case "crlf":
      return isFile ? writeFileSync(path, readFileSync(path, "latin1").replace(/\r?\n/g, "\r\n"), "latin1") : undefined;
    case "big":
      clear(root, path);
      writeFileSync(path, "x\n");
      return truncateSync(path, 10_000_001 + random(3));
  }
}

function isSmallFile(path: string): boolean {
  return existsSync(path) && lstatSync(path).isFile() && lstatSync(path).size < 1_000_000;
}

// Makes place for a file: whatever is at the path goes, and so does a file or a link where a folder is needed.
function clear(root: string, path: string): true {
  const folders = relative(root, path).split("/").slice(0, -1);
  for (const at of folders.keys()) {
    const folder = join(root, ...folders.slice(0, at + 1));
    if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === false) rmSync(folder);
  }
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  return true;
}

const NAMES = [
  "a.txt",
  "b c.txt",
  "-d",
  'é"q".md',
  "d",
  "d/e.txt",
  "d/f/g.txt",
  "d/h.test.ts",
  "i.log",
  "j/k",
  "j/l\nm",
];
const EDITS = [
  "write",
  "write",
  "append",
  "append",
  "binary",
  "delete",
  "rename",
  "mode",
  "link",
  "crlf",
  "big",
] as const;

/** What is committed before the random edits. */
export const BEFORE_EDITS = {
  "a.txt": "1\n2\n3\n",
  "b c.txt": "1\n",
  "d/e.txt": "4\n5\n",
  ".gitignore": "*.log\n",
};
