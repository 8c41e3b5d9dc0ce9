import { escapeRegExp } from "../../text/escape.ts";
import { declarationKey, oneLineOf, type Source } from "./stripped-text.ts";

/** A declaration without its body: what others rely on. */
export interface Declaration {
  /** On one line, for people. */
  readonly text: string;
  /** Equal for declarations that differ only in layout and comments. */
  readonly key: string;
  /** From 1. */
  readonly line: number;
}

/**
 * The declarations of a name in JavaScript or TypeScript with what is said of its export, wherever it is said: before the
 * declaration, in a list, or by an assignment to `exports`. What is only passed on from elsewhere is its own declaration.
 */
export function exportOf(source: Source, name: string, declarations: readonly Declaration[]): readonly Declaration[] {
  const listed = listedAs(source, name);
  if (declarations.length === 0) return listed === null ? [] : [listed];
  const [, exported, byDefault] = /^(export )?(default )?/.exec(declarations[0]?.text ?? "") ?? [];
  const written = escapeRegExp(name);
  const isDefault =
    byDefault !== undefined || new RegExp(`\\bexport\\s+default\\s+${written}(?![\\w$])`).test(source.mask);
  const isExported = exported !== undefined || listed !== null || isAssigned(source, written);
  const prefix = isDefault ? "export default " : isExported ? "export " : "";
  const told = (declared: string) => `${prefix}${declared.replace(/^(?:export )?(?:default )?/, "")}`;
  return declarations.map(({ text, key, line }) => ({ text: told(text), key: told(key), line }));
}

/** In `export { a, b as c } from "x"`. */
function listedAs({ code, mask, lineAt }: Source, name: string): Declaration | null {
  for (const match of mask.matchAll(/\bexport\s+(?:type\s+)?\{([^{}]*)\}(\s*from\s*(?:"[^"]*"|'[^']*'))?/g)) {
    const own = (match[1] ?? "").split(",").find((item) => oneLineOf(item).split(" ").at(-1) === name);
    if (own === undefined) continue;
    const from =
      code
        .slice(match.index, match.index + match[0].length)
        .split("}")
        .at(-1) ?? "";
    const text = oneLineOf(`export { ${own.trim()} }${from}`);
    return { text, key: declarationKey(text, "js"), line: lineAt(match.index) };
  }
  return null;
}

function isAssigned({ mask }: Source, written: string): boolean {
  return (
    new RegExp(`(?<![\\w$.])(?:module\\.)?exports\\.${written}\\s*=`).test(mask) ||
    new RegExp(
      `module\\.exports\\s*=\\s*(?:${written}(?![\\w$])|\\{[^}]{0,20000}?(?<![\\w$.])${written}(?![\\w$:]))`,
    ).test(mask)
  );
}
