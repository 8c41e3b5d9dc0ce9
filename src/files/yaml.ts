import { type DocumentOptions, LineCounter, type ParseOptions, parseDocument, type SchemaOptions, visit } from "yaml";
import { requireShallow, TOO_DEEP } from "./json-line.ts";

/**
 * Reads a text that is one YAML document. What the library only warns of (a tag it does not know) is refused as well.
 * @throws Error, in one line that ends in line and column
 */
export function parseYaml(text: string): unknown {
  try {
    return readYaml(text);
  } catch (error) {
    // The library recurses; where the stack ends depends on the machine.
    throw error instanceof RangeError ? new Error(TOO_DEEP) : error;
  }
}

function readYaml(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n"), { ...OPTIONS, lineCounter });
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault?.code === "MULTIPLE_DOCS") throw new Error("it has more than one document");
  if (fault?.code === "RESOURCE_EXHAUSTION") throw new Error(TOO_DEEP);
  if (fault !== undefined) throw new Error(fault.message.split(/:?\n/, 1)[0]);
  visit(document, {
    // A pattern such as **/*.ts, most likely; the library itself would not say where it stands.
    Alias(_, alias) {
      if (alias.resolve(document) !== undefined) return;
      const { line, col } = lineCounter.linePos(alias.range?.[0] ?? 0);
      throw new Error(`*${alias.source} needs quotes, like any text that begins with * at line ${line}, column ${col}`);
    },
  });
  const data: unknown = document.toJS();
  requireShallow(data);
  return data;
}

// A date without quotes is a date and not a text, as most readers of YAML take it.
const OPTIONS = {
  merge: true,
  customTags: ["timestamp"],
  logLevel: "error",
} as const satisfies ParseOptions & SchemaOptions & DocumentOptions;
