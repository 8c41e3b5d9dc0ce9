import { closeSync, fstatSync, lstatSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { basename, dirname, sep } from "node:path";
import { AskCodexError, isErrno } from "../errors.ts";
import { isOurs } from "./look.ts";
import { fileKindOf, NotPlain, openPlain } from "./open-plain.ts";
import { randomHex } from "./random-hex.ts";
import { writeAll } from "./write-all.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "./write-whole.ts";

/**
 * How files outside the state folder are written, and the only way. The sandbox may have made the path something else since it was
 * looked at: a folder on the way or the file itself may be a link by now that leads where only we may write. So each takes a real
 * path (`realPlace`), goes down to its folder without following any link, and touches a plain file of ours or nothing.
 */
export interface PlaceOptions {
  readonly mode?: number;
  /** The mode of folders that have to be made; null: none is made. */
  readonly folderMode?: number | null;
}

/**
 * Puts a whole file in a place, instead of the one that is there. @throws PlaceRefused, or a system error
 */
export function replaceAt(path: string, content: string | Uint8Array, options: PlaceOptions = {}): void {
  const { mode = PRIVATE_FILE } = options;
  inFolderOf(path, options, (name) => {
    requireOwn(name, path);
    const temporary = `.ask-codex-${randomHex(8)}.tmp`;
    try {
      writeNew(temporary, content, mode);
      // Renaming replaces a link that came meanwhile; it does not follow it.
      renameSync(temporary, name);
    } finally {
      rmSync(temporary, { force: true });
    }
  });
}

/** Puts a file where nothing is. @throws PlaceRefused; EEXIST when anything is there, a dangling link included */
export function createAt(path: string, content: string | Uint8Array, options: PlaceOptions = {}): void {
  inFolderOf(path, options, (name) => writeNew(name, content, options.mode ?? PRIVATE_FILE));
}

/** Opens a file for appending, made when it is missing; returns its descriptor. @throws PlaceRefused, or a system error */
export function openToAppendAt(path: string, options: PlaceOptions = {}): number {
  return inFolderOf(path, options, (name) => {
    const file = openPlain(name, "append", { mode: options.mode ?? PRIVATE_FILE });
    const stats = fstatSync(file);
    if (isOurs(stats) && stats.nlink === 1) return file;
    closeSync(file);
    throw new PlaceRefused(
      path,
      isOurs(stats) ? "has another name elsewhere (a hard link)" : "belongs to another user",
    );
  });
}

/** Adds to the end of a file, made when it is missing. @throws PlaceRefused, or a system error */
export function appendAt(path: string, text: string, options: PlaceOptions = {}): void {
  const file = openToAppendAt(path, options);
  try {
    writeAll(file, Buffer.from(text));
  } finally {
    closeSync(file);
  }
}

/** What stands at a place, or on the way to it, is not ours to write. */
export class PlaceRefused extends AskCodexError {
  /** The fault alone, without the path. */
  readonly reason: string;

  constructor(path: string, reason: string) {
    super("usage", `${path} ${reason}`, { hint: "Find out who put it there; name another place." });
    this.reason = reason;
  }
}

/**
 * Does something, synchronously, in the folder of a path, so that nothing can be exchanged under it any more: by its name alone, from
 * inside the folder. Its folders are made when they are missing.
 */
function inFolderOf<T>(path: string, { folderMode = PRIVATE_FOLDER }: PlaceOptions, act: (name: string) => T): T {
  const before = currentFolder();
  try {
    enter(dirname(path), folderMode, path);
    return act(basename(path));
  } catch (error) {
    throw error instanceof NotPlain
      ? new PlaceRefused(path, error.message.slice(error.message.indexOf(" is ") + 1))
      : error;
  } finally {
    if (before !== null) process.chdir(before);
  }
}

/** One level after the other, and after each a look at where that has led: a folder may be exchanged at any moment. */
function enter(folder: string, mode: number | null, path: string): void {
  process.chdir(sep);
  let reached: string = sep;
  for (const part of folder.split(sep).filter((name) => name !== "")) {
    if (mode !== null) makeFolder(part, mode);
    const stats = lstatSync(part);
    const next = reached === sep ? `${sep}${part}` : `${reached}${sep}${part}`;
    if (!stats.isDirectory()) throw new PlaceRefused(path, `lies below ${next}, which is ${fileKindOf(stats)} now`);
    process.chdir(part);
    if (process.cwd() !== next) throw new PlaceRefused(path, `lies below ${next}, which leads elsewhere now`);
    reached = next;
  }
}

function makeFolder(name: string, mode: number): void {
  if (lstatSync(name, { throwIfNoEntry: false }) !== undefined) return;
  try {
    mkdirSync(name, mode);
  } catch (error) {
    // Another run of ours was first.
    if (!isErrno(error, "EEXIST")) throw error;
  }
}

/** A plain file of ours, or nothing. */
function requireOwn(name: string, path: string): void {
  const stats = lstatSync(name, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile()) throw new PlaceRefused(path, `is ${fileKindOf(stats)}, not a plain file`);
  if (!isOurs(stats)) throw new PlaceRefused(path, "belongs to another user");
}

function writeNew(name: string, content: string | Uint8Array, mode: number): void {
  const file = openPlain(name, "new", { mode });
  try {
    writeAll(file, typeof content === "string" ? Buffer.from(content) : content);
  } finally {
    closeSync(file);
  }
}

/** Null when it is gone: then there is nothing to go back to. */
function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}
