import type { InterfaceEntry } from "../document/interface-entry.ts";
import type { Texts } from "../facts/facts.ts";
import { declarationsOf } from "../source/declarations.ts";
import type { Declaration } from "../source/js-exports.ts";
import { plainText } from "../source/stripped-text.ts";

export interface BrokenInterface {
  /** `missing`: it is yet to be written. `broken`: it was there, and is no longer, or not as it was. */
  readonly type: "broken" | "missing";
  /** In the file as it is now. */
  readonly line: number | null;
  readonly message: string;
}

/** What is wrong with an interface after the work; null: it holds. By text: whitespace and comments count for nothing. */
export function brokenInterface(entry: InterfaceEntry, texts: Texts): BrokenInterface | null {
  return entry.type === "text" ? brokenText(entry, texts) : brokenSymbol(entry, texts);
}

function brokenText({ path, text }: { path: string; text: string }, { before, after }: Texts): BrokenInterface | null {
  const wanted = plainText(path, text).replace(/[;,{]+$/, "");
  const holds = (file: string | null) => file !== null && plainText(path, file).includes(wanted);
  if (holds(after)) return null;
  const told = `\`${text.replace(/\s+/g, " ").trim()}\``;
  return holds(before)
    ? { type: "broken", line: null, message: `${path} no longer holds ${told}; this interface had to stay as it was.` }
    : { type: "missing", line: null, message: `${path} does not hold ${told}; it must, in these words.` };
}

function brokenSymbol(
  { path, symbol }: { path: string; symbol: string },
  { before, after }: Texts,
): BrokenInterface | null {
  const old = before === null ? [] : declarationsOf(path, before, symbol);
  // What was not there cannot have been changed.
  if (old.length === 0) return null;
  const now = after === null ? [] : declarationsOf(path, after, symbol);
  if (together(old, "key") === together(now, "key")) return null;
  const is = now.length === 0 ? "is not declared there any more" : `is \`${together(now, "text")}\` now`;
  const message = `The interface ${symbol} of ${path} was \`${together(old, "text")}\` and ${is}; it had to stay as it was.`;
  return { type: "broken", line: now[0]?.line ?? null, message };
}

/** Overloads count together, in their order. */
function together(declarations: readonly Declaration[], what: "key" | "text"): string {
  return declarations.map((declaration) => declaration[what]).join(" / ");
}
