import { familyOf } from "./stripped-text.ts";
import { testCasesIn } from "./test-cases.ts";

/**
 * A test file without the cases of these titles. Null: such a case cannot be taken out of a file in this language.
 * A file without one stays to the byte as it is.
 */
export function withoutCases(
  path: string,
  text: string,
  isOut: (title: string) => boolean,
): { readonly text: string; readonly left: readonly string[] } | null {
  const out = testCasesIn(path, text).cases.filter(({ name }) => isOut(name));
  if (out.length === 0) return { text, left: [] };
  const family = familyOf(path);
  if (family !== "js" && family !== "python") return null;
  const left = out.map(({ name }) => name);
  const unix = text.replace(/\r\n/g, "\n");
  // From the end: what comes before stays where it is.
  const rest = out.toReversed().reduce((code, { start, end }) => {
    const stub = family === "js" ? "" : `def _(*_a, **_k):\n${" ".repeat(indentOf(code, start) + 4)}pass\n`;
    return `${code.slice(0, start)}${stub}${code.slice(end)}`;
  }, unix);
  return { text: rest, left };
}

function indentOf(code: string, start: number): number {
  return start - (code.lastIndexOf("\n", start - 1) + 1);
}
