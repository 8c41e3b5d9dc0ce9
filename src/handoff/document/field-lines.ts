import { fieldName } from "./schema-faults.ts";

/** The line (from 1) that a field or an item stands on: `commit`, `scope.files`, `scope.files[0]`. */
export type FieldLines = ReadonlyMap<string, number>;

/** Where the fields of a YAML text are, as far as they are written a line each. What is not found has the line of what it is in. */
export function yamlLines(yaml: string, firstLine: number): FieldLines {
  const lines = new Map<string, number>();
  // What the line is in, from outside to inside.
  const open: { readonly indent: number; readonly name: string; items: number }[] = [];
  for (const [index, text] of yaml.split("\n").entries()) {
    const [, blanks = "", dash, key] = /^( *)(-(?: |$))?(?: *("[^"]+"|'[^']+'|[\w.-]+) *:(?: |$))?/.exec(text) ?? [];
    if (text.trim() === "" || text.trim().startsWith("#")) continue;
    const indent = blanks.length;
    // A list may stand as far to the left as its key.
    while (open.length > 0 && (open.at(-1)?.indent ?? 0) >= indent + (dash === undefined ? 0 : 1)) open.pop();
    const parent = open.at(-1);
    const set = (name: string) => lines.has(name) || lines.set(name, index + firstLine);
    if (dash !== undefined && parent !== undefined) set(`${parent.name}[${parent.items++}]`);
    else if (key !== undefined) {
      const name = [parent?.name, key.replace(/^["']|["']$/g, "")].filter(Boolean).join(".");
      set(name);
      open.push({ indent, name, items: 0 });
    }
  }
  return lines;
}

/** Where the fields of a valid JSON text are. */
export function jsonLines(json: string): FieldLines {
  const lines = new Map<string, number>();
  const path: (string | number)[] = [];
  let line = 1;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[[\]{},\n]|[^\s[\]{},"]+/g)) {
    const last = path.at(-1);
    if (token === "\n") line++;
    else if (token === "[" || token === "{") {
      note();
      path.push(token === "[" ? 0 : "");
    } else if (token === "]" || token === "}") path.pop();
    else if (token === ",") path.push(typeof path.pop() === "number" ? Number(last) + 1 : "");
    else if (token.endsWith(":") && last !== undefined) {
      path[path.length - 1] = String(JSON.parse(token.replace(/\s*:$/, "")));
      note();
      line += token.split("\n").length - 1;
    } else note();
  }
  return lines;

  function note() {
    const name = fieldName(path.filter((part) => part !== ""));
    if (!lines.has(name)) lines.set(name, line);
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
