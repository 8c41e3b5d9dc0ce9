import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "../../errors.ts";
import { isWithin } from "../../files/is-within.ts";
import { realFolder, realPlace } from "../../files/real-place.ts";
import { PlaceRefused } from "../../files/write-place.ts";
import { ownFolders } from "./folders.ts";
import { reasonOf } from "./output-path.ts";

/**
 * Where a file will really be written that the user names: the one door for every flag of that kind. `bound` is the workspace: a link
 * in it may not lead out of it.
 * @throws UsageError for what is not a plain file, and for what git or this program keeps
 */
export function outputPlace(flag: string, path: string, bound: string | null): string {
  const place = realOrRefused(flag, path, bound);
  const keeper = keeperOf(place);
  if (keeper === null) return place;
  throw new UsageError(
    `${flag} cannot be written: ${path} (it would be among the files of ${keeper})`,
    "Name another.",
  );
}

function realOrRefused(flag: string, path: string, bound: string | null): string {
  try {
    return realPlace(path, bound);
  } catch (error) {
    const reason = error instanceof PlaceRefused ? error.reason : reasonOf(error);
    throw new UsageError(`${flag} cannot be written: ${path} (${reason})`, "Name a plain file, by its real folder.");
  }
}

/** Whose files would be lost by a slip of the tongue: a report over the ledger, or over git's configuration. */
function keeperOf(place: string): string | null {
  if (ownFolders().some((folder) => isWithin(place, realFolder(folder)))) return "ask-codex's own state";
  for (let path = place; path !== dirname(path); path = dirname(path)) if (isGits(path)) return "git";
  return null;
}

/** `.git`, whatever it is, or a repository by another name: a bare one. */
function isGits(path: string): boolean {
  return (
    basename(path).toLowerCase() === ".git" || ["HEAD", "objects", "refs"].every((name) => existsSync(join(path, name)))
  );
}
