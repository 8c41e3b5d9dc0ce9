import { join } from "node:path";
import { exists } from "../files/exists.ts";
import { lineOf } from "./field-lines.ts";
import { type Gap, gap } from "./gap.ts";
import { parseInterface } from "./interface-entry.ts";
import type { HandoffDocument } from "./parsed-document.ts";
import { pathPattern } from "./patterns.ts";

/** Patterns that match no file yet: right for what is still to be made, else mistyped. */
export async function unmatched(
  { handoff, lines }: HandoffDocument,
  root: string,
  files: readonly string[],
  ignoredFiles: () => Promise<readonly string[]>,
): Promise<readonly Gap[]> {
  const { scope, read, interfaces } = handoff;
  const named = [
    ...read.map((text, at) => ({ text, field: `read[${at}]` })),
    ...scope.files.map((text, at) => ({ text, field: `scope.files[${at}]` })),
    ...scope.forbid.map((text, at) => ({ text, field: `scope.forbid[${at}]` })),
    ...interfaces.map((text, at) => ({ text: parseInterface(text)?.path ?? "", field: `interfaces[${at}]` })),
  ];
  const absent: Gap[] = [];
  for (const { text, field } of named.filter(({ text: pattern }) => pattern !== "")) {
    const { path, literal, matches } = pathPattern(text);
    if (files.some(matches)) continue;
    const isFolder = literal && files.some((file) => file.startsWith(`${path}/`));
    if (!isFolder && (literal ? await exists(join(root, path)) : (await ignoredFiles()).some(matches))) continue;
    const mend = isFolder
      ? `It is a folder: write \`${path}/\` for all that is in it.`
      : "Right for what is still to be made; else correct it.";
    absent.push(gap(lineOf(lines, field), `\`${text}\` matches no file yet.`, mend));
  }
  return absent;
}
