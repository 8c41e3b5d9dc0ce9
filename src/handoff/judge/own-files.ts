import type { Contract } from "../document/handoff.ts";
import type { ChangedFile, Facts } from "../facts/facts.ts";
import type { Finding } from "./finding.ts";

/** The changed files that scope, limits and the changes document are about: not the sealed ones, which have a rule of their own. */
export function workOf({ document }: Contract, { files, sealChanged }: Facts): readonly ChangedFile[] {
  const apart = new Set([...sealChanged, document]);
  return files.filter(({ path }) => !apart.has(path));
}

/** All names that a change is about: a renamed file has two. */
export function namesOf({ path, from }: ChangedFile): readonly string[] {
  return from === undefined ? [path] : [from, path];
}

/** The changed files that findings are about, so that they can be put back: ignored ones are in trees of their own. */
export function offendingFiles(
  findings: readonly Finding[],
  { files: work, disturbances }: Facts,
): { readonly own: readonly ChangedFile[]; readonly ignored: readonly ChangedFile[] } {
  const own = new Set(work.map(({ path }) => path));
  const others = disturbances.flatMap(({ files }) => files).filter(({ path }) => !own.has(path));
  // One may have changed in several commands.
  const files = [...work, ...new Map(others.map((file) => [file.path, file])).values()];
  const named = new Set(findings.flatMap(({ path }) => path ?? []));
  const found = files.filter((file) => namesOf(file).some((name) => named.has(name)));
  return { own: found.filter(({ ignored }) => !ignored), ignored: found.filter(({ ignored }) => ignored) };
}
