import type { InterfaceEntry } from "../document/interface-entry.ts";
import type { Texts } from "../facts/facts.ts";
import { declarationsOf } from "../source/declarations.ts";
import type { Declaration } from "../source/js-exports.ts";
import { familyOf, plainText } from "../source/stripped-text.ts";
import { outerOf } from "../source/text-places.ts";
import { continuationsOf } from "../source/written-signature.ts";

export interface BrokenInterface {
  /** `missing`: it is yet to be written. `broken`: it was there, and is no longer, or not as it was. */
  readonly type: "broken" | "missing";
  /** In the file as it is now. */
  readonly line: number | null;
  readonly message: string;
}

/**
 * What is wrong with an interface after the work; null: it holds. By text, up to the end of the signature: `User` does not hold in
 * `User | null`. Whitespace and comments count for nothing.
 */
export function brokenInterface(entry: InterfaceEntry, texts: Texts): BrokenInterface | null {
  return entry.type === "text" ? brokenText(entry, texts) : brokenSymbol(entry, texts);
}

function brokenText({ path, text }: { path: string; text: string }, { before, after }: Texts): BrokenInterface | null {
  const wanted = plainText(path, text).replace(familyOf(path) === "python" ? /[;,{:]+$/ : /[;,{]+$/, "");
  const goesOn = (file: string | null) => (file === null ? [] : continuationsOf(path, file, wanted));
  const [old, now] = [goesOn(before), goesOn(after)];
  // A text that is only the beginning of a signature stands for all of it, as it was before the work. New code may add what it leaves open.
  const isAsked = (rest: string) => rest === "" || old.includes(rest) || (old.length === 0 && isOpen(wanted));
  if (now.some(isAsked)) return null;
  const quoted = `\`${text.replace(/\s+/g, " ").trim()}\``;
  const further = now[0] === undefined ? "" : `, and goes on with \`${now[0].trim()}\``;
  if (old.length === 0)
    return {
      type: "missing",
      line: null,
      message: `${path} does not hold ${quoted}${further}; it must, in these words.`,
    };
  const message =
    further === ""
      ? `${path} no longer holds ${quoted}; this interface had to stay as it was.`
      : `${path} no longer holds ${quoted} as it was${further}; this interface had to stay as it was.`;
  return { type: "broken", line: null, message };
}

/** Whether a text ends before the type of what it declares. */
function isOpen(wanted: string): boolean {
  const outer = outerOf(wanted);
  return !/[:=]|->|\)\s*[\w*[(]/.test(outer.replace(/^[^(]*?(?=\w+\()/, ""));
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
