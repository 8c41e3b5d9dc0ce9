import { lstatSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { isErrno } from "../errors.ts";
import { isWithin } from "./is-within.ts";
import { fileKindOf } from "./open-plain.ts";
import { PlaceRefused } from "./write-place.ts";

/**
 * Where a file will really be written that is named by an absolute path: the links on the way to it are resolved now, once, and never
 * again (`write-place.ts`). `bound` is a folder, a repository's, that no link in it may lead out of: who ships the link would choose
 * the place.
 * @throws PlaceRefused when there is anything but a plain file; a system error when it cannot be looked at
 */
export function realPlace(path: string, bound: string | null = null): string {
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new PlaceRefused(path, "is a folder, not a plain file");
  const folder = realFolder(dirname(path));
  if (bound !== null && isWithin(path, bound) && !isWithin(folder, realpathSync(bound)))
    throw new PlaceRefused(path, `leads out of ${bound} by a link: its real folder is ${folder}`);
  const place = join(folder, basename(path));
  const stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isFile()) throw new PlaceRefused(path, `is ${fileKindOf(stats)}, not a plain file`);
  return place;
}

/** A folder without links on the way; what of it is not there yet is taken by its name. */
export function realFolder(folder: string): string {
  const there = nearest(folder);
  return join(realpathSync(there), relative(there, folder));
}

function nearest(folder: string): string {
  try {
    statSync(folder);
    return folder;
  } catch (error) {
    if (!isErrno(error, "ENOENT") || dirname(folder) === folder) throw error;
    return nearest(dirname(folder));
  }
}
