import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { applyEdits, BEFORE_EDITS, someEdits } from "../../support/git/random-edits.ts";
import { committed, observe } from "../../support/git/repository.ts";
import { testAtRandom } from "../../support/trials.ts";

const DRAWS = { change: 4, full: 100 };

const drawn = fc.record({
  convert: fc.boolean(),
  before: someEdits({ maxLength: 7 }),
  during: someEdits({ maxLength: 11 }),
});

testAtRandom("random edits are reported as a walk over the files finds them", DRAWS, drawn, async (edits) => {
  const { convert } = edits;
  const repository = committed(BEFORE_EDITS);
  repository.git("config", "core.autocrlf", convert ? "true" : "false");
  const tracked = new Set(repository.git("ls-files", "-z").split("\0"));
  applyEdits(repository.root, edits.before);
  const before = walk(repository.root, tracked, convert);
  const { files, after } = await observe(repository, () => applyEdits(repository.root, edits.during));
  const expected = differences(before, walk(repository.root, tracked, convert));
  // A rename is a deletion and an addition.
  const reported = files.flatMap(({ kind, path, from }) =>
    kind === "renamed" ? [`deleted ${from}`, `added ${path}`] : [`${kind} ${path}`],
  );
  expect(reported.sort()).toEqual(expected.map(({ line }) => line).sort());
  const growth = new Map(expected.flatMap(({ path, lines }) => (lines === null ? [] : [[path, lines]])));
  for (const { path, kind, added, removed } of files) {
    if (kind === "renamed" || added === null || removed === null) continue;
    expect({ path, growth: added - removed }).toEqual({ path, growth: growth.get(path) });
  }
  expect(after.dirty.filter((path) => path.endsWith(".log"))).toEqual([]);
});

interface Found {
  readonly type: string;
  readonly mode: number;
  readonly content: string;
  /** Null: a stamp stands for the content. */
  readonly lines: number | null;
}

function walk(root: string, tracked: ReadonlySet<string>, convert: boolean, folder = root): Map<string, Found> {
  const found = new Map<string, Found>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const name = relative(root, path);
    if (entry.isDirectory() && name !== ".git") {
      for (const item of walk(root, tracked, convert, path)) found.set(...item);
    } else if (entry.isSymbolicLink() && !name.endsWith(".log")) {
      found.set(name, { type: "link", mode: 0, content: readlinkSync(path), lines: 1 });
    } else if (entry.isFile() && !name.endsWith(".log")) found.set(name, fileAt(path, tracked.has(name), convert));
  }
  return found;
}

function fileAt(path: string, tracked: boolean, convert: boolean): Found {
  const { mode, size, mtimeMs } = lstatSync(path);
  const common = { type: "file", mode: mode & 0o100 };
  if (!tracked && size > 10_000_000) return { ...common, content: `${size} ${mtimeMs}`, lines: null };
  const bytes = readFileSync(path);
  const text = bytes.toString("latin1");
  const content = convert && !bytes.includes(0) ? text.replace(/\r\n/g, "\n") : text;
  const hash = createHash("sha1").update(content, "latin1").digest("hex");
  return { ...common, content: hash, lines: content === "" ? 0 : content.replace(/\n$/, "").split("\n").length };
}

function differences(before: Map<string, Found>, after: Map<string, Found>) {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path) => {
    const [old, now] = [before.get(path), after.get(path)];
    const kind = kindOf(old, now);
    if (kind === undefined) return [];
    const stamped = old?.lines === null || now?.lines === null;
    return [{ path, line: `${kind} ${path}`, lines: stamped ? null : (now?.lines ?? 0) - (old?.lines ?? 0) }];
  });
}

function kindOf(old: Found | undefined, now: Found | undefined): string | undefined {
  if (old === undefined || now === undefined) return old === undefined ? "added" : "deleted";
  if (old.content !== now.content || old.type !== now.type) {
    // What is known by a stamp is in no tree, so no more is told about it than that it changed.
    return old.type === now.type || old.lines === null || now.lines === null ? "changed" : "type";
  }
  return old.mode === now.mode ? undefined : old.lines === null ? "changed" : "mode";
}
