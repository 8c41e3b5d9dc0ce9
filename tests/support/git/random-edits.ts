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
import fc, { type Arbitrary } from "fast-check";

/** One edit below a root, as data: what is drawn does not depend on what is there. */
interface Edit {
  readonly kind: (typeof EDITS)[number];
  readonly path: string;
  /** Where a rename leads. */
  readonly other: string;
  readonly text: string;
  readonly byte: number;
  readonly executable: boolean;
  /** Where a link leads. */
  readonly target: string;
  /** What a big file has over the limit, in bytes. */
  readonly more: number;
}

/** Up to so many random edits. Few names, so that edits meet: a file where a folder was, a link where a file was. */
export function someEdits(constraints: {
  readonly minLength?: number;
  readonly maxLength: number;
}): Arbitrary<readonly Edit[]> {
  const edit = fc.record({
    kind: fc.constantFrom(...EDITS),
    path: fc.constantFrom(...NAMES),
    other: fc.constantFrom(...NAMES),
    text: fc.array(fc.nat(29), { maxLength: 11 }).map((lines) => lines.map((line) => `${line}\n`).join("")),
    byte: fc.nat(255),
    executable: fc.boolean(),
    target: fc.constantFrom("a.txt", "/nowhere", "nowhere", "d"),
    more: fc.integer({ min: 1, max: 3 }),
  });
  return fc.array(edit, constraints);
}

export function applyEdits(root: string, edits: readonly Edit[]): void {
  for (const edit of edits) applyEdit(root, edit);
}

function applyEdit(root: string, { kind, text, byte, executable, target, more, ...edit }: Edit): unknown {
  const path = join(root, edit.path);
  const other = join(root, edit.other);
  const isFile = isSmallFile(path);
  switch (kind) {
    case "write":
      return clear(root, path) && writeFileSync(path, text);
    case "append":
      return isFile ? writeFileSync(path, readFileSync(path, "latin1") + text, "latin1") : undefined;
    case "binary":
      return clear(root, path) && writeFileSync(path, Buffer.from([0, byte, 10, 255 - byte]));
    case "delete":
      return clear(root, path);
    case "rename":
      return isFile && clear(root, other) && isSmallFile(path) ? renameSync(path, other) : undefined;
    case "mode":
      return isFile ? chmodSync(path, executable ? 0o755 : 0o644) : undefined;
    case "link":
      return clear(root, path) && symlinkSync(target, path);
    case "crlf":
      return isFile ? writeFileSync(path, readFileSync(path, "latin1").replace(/\r?\n/g, "\r\n"), "latin1") : undefined;
    case "big":
      clear(root, path);
      writeFileSync(path, "x\n");
      return truncateSync(path, 10_000_000 + more);
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
