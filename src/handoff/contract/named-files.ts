import type { Handoff } from "../document/handoff.ts";
import { isPathOfFile, pathMeant, pathWords } from "../document/path-words.ts";
import { pathsNamedBy } from "../patterns/covered.ts";
import { pathPattern } from "../patterns/patterns.ts";

/** The files that a document says will change, one by one: those that its scope and `expect_files` name, and those in scope that a task names. */
export function namedFiles({ scope, expectFiles, tasks }: Handoff): ReadonlySet<string> {
  const allowed = [...scope.files, ...expectFiles].map(pathPattern);
  const literal = allowed.flatMap(pathsNamedBy);
  const inTasks = tasks.flatMap(({ text }) =>
    pathWords(text).flatMap((word) => {
      const meant = pathMeant(word.path, literal);
      if (meant !== null) return [meant];
      return isPathOfFile(word) && allowed.some(({ matches }) => matches(word.path)) ? [word.path] : [];
    }),
  );
  return new Set([...literal, ...inTasks]);
}
