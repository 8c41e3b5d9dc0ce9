import { chmodSync, mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { committed, type Repository } from "./repository.ts";

/** Thirty lines: enough for git to know a file again that was moved and edited. */
export const LINES = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join("");

/** A repository with a file for every kind of change, and with these. */
export function committedForEveryKind(files: Record<string, string> = {}): Repository {
  return committed({
    "edited.txt": LINES,
    "deleted.txt": "d\n",
    "deleted/deep/file.txt": "deep\n",
    "old.txt": LINES.replace("line 1\n", "other\n"),
    "script.sh": "#!/bin/sh\n",
    "binary.bin": "\0\x01",
    "becomes link": "plain\n",
    "becomes folder": "file\n",
    "folder/becomes file": "in a folder\n",
    "no line end": "a",
    ...files,
  });
}

/** Edits, deletions, renames, modes, types, binary and new files, odd names. */
export function changeInEveryKind({ root, write, remove }: Repository): void {
  write("edited.txt", LINES.replace("line 3\n", "line three \t\r\n\n"));
  remove("deleted.txt");
  remove("deleted");
  mkdirSync(join(root, "moved"));
  renameSync(join(root, "old.txt"), join(root, "moved/new.txt"));
  chmodSync(join(root, "script.sh"), 0o755);
  write("binary.bin", Buffer.from([0, 255, 13, 10, 0]));
  remove("becomes link");
  symlinkSync("nowhere", join(root, "becomes link"));
  remove("becomes folder");
  write("becomes folder/file.txt", "1\n");
  remove("folder");
  write("folder", "now a file\n");
  write("no line end", "b");
  write("empty", "");
  write('with "quotes"\tand\nlines é ', "quotes\n");
  write("-dash/*?[a]", "dash\n");
}

/** `changeInEveryKind` as `kindsOf` tells it, sorted. */
export const EVERY_KIND = [
  "added -dash/*?[a]",
  "added becomes folder/file.txt",
  "added empty",
  "added folder",
  'added with "quotes"\tand\nlines é ',
  "changed binary.bin",
  "changed edited.txt",
  "changed no line end",
  "deleted becomes folder",
  "deleted deleted.txt",
  "deleted deleted/deep/file.txt",
  "deleted folder/becomes file",
  "mode script.sh",
  "renamed old.txt -> moved/new.txt",
  "type becomes link",
];
