import { isPathOfFile, pathMeant, pathWords } from "../document/path-words.ts";

/** Files that a text can name. */
export interface KnownFiles {
  /** The files that exist, and those that the document names: by their whole path. */
  readonly paths: ReadonlySet<string>;
  /** The files in scope: by the end of their path too, where only one of them ends so. */
  readonly inScope: ReadonlySet<string>;
}

/** Whether a text names a file exactly: one that is known, or one that only can be meant as such. */
export function namesFile(text: string, { paths, inScope }: KnownFiles): boolean {
  return pathWords(text).some(
    (word) => paths.has(word.path) || isPathOfFile(word) || pathMeant(word.path, inScope) !== null,
  );
}
