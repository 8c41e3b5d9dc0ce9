import { anchorQuote, type SearchedFile } from "./anchor.ts";
import type { Anchor, Finding, ReportedFinding } from "./finding.ts";
import { findingId, identityOf } from "./identity.ts";
import { symbolAt } from "./symbol.ts";

/** A file of the reviewed tree, with both texts. */
export interface ReviewedFile extends SearchedFile {
  readonly texts: { readonly new: string | null; readonly old: string | null };
}

/** The file that a path means: a changed one by its present or former name, else one of the tree; null: there is none. */
export type FileLookup = (path: string) => ReviewedFile | null;

/** Puts a finding in its place, and gives it its id. The path is the reviewer's word; the place in it is found. */
export function placeFinding(reported: ReportedFinding, voice: string, lookUp: FileLookup): Finding {
  const file =
    pathsOf(reported.path)
      .map(lookUp)
      .find((found) => found !== null) ?? null;
  const anchor: Anchor =
    file === null
      ? { type: "unanchored", reason: `there is no file ${reported.path.trim() || "named"}` }
      : anchorQuote(reported.code, file);
  const text = file === null || anchor.type === "unanchored" ? null : file.texts[anchor.side];
  const line = anchor.type === "exact" ? anchor.line : anchor.type === "ambiguous" ? anchor.lines[0] : undefined;
  const symbol = text === null || line === undefined ? "" : symbolAt(text, line);
  const path = file?.path ?? reported.path.trim();
  const id = findingId(identityOf(reported, symbol));
  return {
    ...reported,
    path,
    id,
    anchor,
    symbol,
    inChange: file !== null && isInChange(anchor, file),
    voices: [voice],
  };
}

function isInChange(anchor: Anchor, { hunks }: SearchedFile): boolean {
  if (anchor.type === "unanchored") return false;
  const places = anchor.type === "exact" ? [anchor] : anchor.lines.map((line) => ({ line, endLine: line }));
  const ranges = hunks.map((hunk) => (anchor.side === "new" ? hunk.after : hunk.before));
  return places.some(({ line, endLine }) =>
    ranges.some(({ start, count }) => count > 0 && line < start + count && endLine >= start),
  );
}

/** What a reviewer may mean by a path: as it stands, without `./`, without the sign of a diff's side. */
export function pathsOf(path: string): readonly string[] {
  const plain = path.trim().replace(/^\.\//, "");
  return [...new Set([plain, plain.replace(/^[ab]\//, "")])];
}
