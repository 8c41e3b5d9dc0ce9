import { join } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { exists } from "../../files/look.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { lineOf } from "../document/field-lines.ts";
import { type Gap, gap } from "../document/gap.ts";
import { parseInterface } from "../document/interface-entry.ts";
import type { HandoffDocument } from "../document/parsed.ts";
import { pathPattern } from "../patterns/patterns.ts";
import { declarationsOf } from "../source/declarations.ts";
import { familyOf } from "../source/stripped-text.ts";

/** Patterns that match no file yet: right for what is still to be made, else mistyped. What is forbidden need not exist. */
export async function unmatched(
  { handoff, lines }: HandoffDocument,
  root: string,
  files: readonly string[],
  ignoredFiles: () => Promise<readonly string[]>,
): Promise<readonly Gap[]> {
  const { scope, read, interfaces } = handoff;
  const isFolder = (text: string) => {
    const { path, literal } = pathPattern(text);
    return literal && files.some((file) => file.startsWith(`${path}/`));
  };
  const named = [
    ...read.map((text, at) => ({ text, field: `read[${at}]` })),
    ...scope.files.map((text, at) => ({ text, field: `scope.files[${at}]` })),
    ...scope.forbid.map((text, at) => ({ text, field: `scope.forbid[${at}]` })).filter(({ text }) => isFolder(text)),
    ...interfaces.map((text, at) => ({ text: parseInterface(text)?.path ?? "", field: `interfaces[${at}]` })),
  ];
  const absent: Gap[] = [];
  const reported = new Set([""]);
  for (const { text, field } of named) {
    // What is read and changed too is reported once.
    if (reported.has(text)) continue;
    reported.add(text);
    const { path, literal, matches } = pathPattern(text);
    if (files.some(matches)) continue;
    const folder = isFolder(text);
    if (!folder && (literal ? await exists(join(root, path)) : (await ignoredFiles()).some(matches))) continue;
    const fix = folder ? `It is a folder: write \`${path}/\` for all that is in it.` : STILL_TO_BE_MADE;
    absent.push(gap(lineOf(lines, field), `\`${text}\` matches no file yet.`, fix));
  }
  return [...absent, ...(await undeclared(interfaces, lines, root, files))];
}

/** Symbols that the files which are there do not declare: they guard nothing. */
async function undeclared(
  interfaces: readonly string[],
  lines: HandoffDocument["lines"],
  root: string,
  files: readonly string[],
): Promise<Gap[]> {
  const gaps = await inBatches(interfaces, async (text, at) => {
    const entry = parseInterface(text);
    if (entry?.type !== "symbol" || !files.includes(entry.path)) return [];
    const { path, symbol } = entry;
    const line = lineOf(lines, `interfaces[${at}]`);
    if (familyOf(path) === null) {
      const what = `\`${text}\` guards nothing: ${path} is in no language whose declarations are read.`;
      return [gap(line, what, `Write what must stay, in its own words: \`${path}: …\`.`)];
    }
    // It may be a link to nowhere, or gone by now.
    const source = readPlainOr(join(root, path), null, { follow: true });
    if (source === null || declarationsOf(path, source, symbol).length > 0) return [];
    return [gap(line, `${path} declares no \`${symbol}\` yet.`, STILL_TO_BE_MADE)];
  });
  return gaps.flat();
}

const STILL_TO_BE_MADE = "Right for what is still to be made; else correct it.";
