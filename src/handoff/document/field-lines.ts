import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { fieldName } from "../../text/schema-faults.ts";

/** The line (from 1) that a field or an item stands on: `commit`, `scope.files`, `scope.files[0]`. */
export type FieldLines = ReadonlyMap<string, number>;

/** Where the fields of a valid text are. YAML or JSON: every JSON text is YAML as well. */
export function fieldLines(text: string, firstLine = 1): FieldLines {
  const counter = new LineCounter();
  const lines = new Map<string, number>();
  note(parseDocument(text, { lineCounter: counter, logLevel: "silent" }).contents, []);
  return lines;

  function note(value: unknown, path: readonly PropertyKey[]): void {
    if (isMap(value))
      for (const { key, value: inner } of value.items) if (isScalar(key)) set(key, [...path, String(key.value)], inner);
    if (isSeq<Node>(value)) for (const [at, item] of value.items.entries()) set(item, [...path, at], item);
  }

  function set({ range }: Node, path: readonly PropertyKey[], value: unknown): void {
    const name = fieldName(path);
    if (range && !lines.has(name)) lines.set(name, counter.linePos(range[0]).line + firstLine - 1);
    note(value, path);
  }
}

/** The line of a field; else of what it is in. */
export function lineOf(lines: FieldLines, field: string): number | null {
  for (let name = field; name !== ""; name = name.replace(/(^|\.)[^.[]*$|\[\d+\]$/, "")) {
    const line = lines.get(name);
    if (line !== undefined) return line;
  }
  return null;
}
