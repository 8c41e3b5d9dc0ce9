import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { AskCodexError, isErrno } from "../errors.ts";

/** `read`; `append`, made when it is missing; `new`, which must not be there yet. */
export type Opening = "read" | "append" | "new";

export interface OpenPlainOptions {
  /** Whether a link may lead to the file: for what users and projects own, never for files of ours. */
  readonly follow?: boolean;
  readonly mode?: number;
}

/** Something other than a plain file (a pipe, a socket, a device, a folder, a link) stands where a file was expected. */
export class NotPlain extends AskCodexError {
  constructor(path: string, what: string) {
    super("internal", `${path} is ${what}, not a plain file`, { hint: "Find out who put it there, and move it away." });
  }
}

const { O_RDONLY, O_RDWR, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK } = constants;

const FLAGS: Readonly<Record<Opening, number>> = {
  read: O_RDONLY,
  append: O_RDWR | O_APPEND | O_CREAT,
  new: O_RDWR | O_CREAT | O_EXCL,
};

/**
 * Opens a plain file and nothing else; returns its descriptor. Never waits: a pipe without a writer would keep us for ever.
 * @throws NotPlain for anything else; a system error (ENOENT, EACCES) otherwise
 */
export function openPlain(
  path: string,
  opening: Opening,
  { follow = false, mode = 0o600 }: OpenPlainOptions = {},
): number {
  const file = open(path, FLAGS[opening] | O_NONBLOCK | (follow ? 0 : O_NOFOLLOW), mode);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw new NotPlain(path, fileKindOf(stats));
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function open(path: string, flags: number, mode: number): number {
  try {
    return openSync(path, flags, mode);
  } catch (error) {
    // O_NOFOLLOW says ELOOP (FreeBSD: EMLINK); a socket or a device without a driver ENXIO; a folder EISDIR when it should be written.
    if (isErrno(error, "ELOOP", "EMLINK")) throw new NotPlain(path, "a link");
    if (isErrno(error, "ENXIO", "ENODEV", "EOPNOTSUPP")) throw new NotPlain(path, "a socket, a pipe or a device");
    if (isErrno(error, "EISDIR")) throw new NotPlain(path, "a folder");
    throw error;
  }
}

/** What it is instead, for a message. */
export function fileKindOf(stats: { isDirectory(): boolean; isSymbolicLink(): boolean; isFIFO(): boolean }): string {
  if (stats.isSymbolicLink()) return "a link";
  if (stats.isDirectory()) return "a folder";
  return stats.isFIFO() ? "a named pipe" : "a socket or a device";
}
