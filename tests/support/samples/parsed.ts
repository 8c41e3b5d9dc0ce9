import { parseSync } from "oxc-parser";

/** What an independent parser finds in a file. */
export interface Parsed {
  /** The titles of test cases, in the order of the code. */
  readonly tests: readonly string[];
  /** The names of what is declared and exported in one place. */
  readonly exports: readonly string[];
}

/** Null: it is not a code that this parser can read. */
export function parsedBy(path: string, text: string): Parsed | null {
  const { program, errors } = parseSync(path, text);
  if (errors.length > 0) return null;
  return {
    tests: titlesIn(program, text),
    exports: program.body.flatMap((statement) => exportedBy(statement)),
  };
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function titlesIn(program: unknown, text: string): readonly string[] {
  const titles: { at: number; title: string }[] = [];
  visit(program, (node) => {
    if (node.type !== "CallExpression" || !isTest(node["callee"])) return;
    const [first] = node["arguments"] as readonly Node[];
    const title = first ? titleOf(first, text) : null;
    if (first && title !== null) titles.push({ at: Number(first["start"]), title });
  });
  return titles.sort((one, other) => one.at - other.at).map(({ title }) => title);
}

/** `test`, `it.only`, `test.each(table)`, with whatever behind. */
function isTest(callee: unknown): boolean {
  if (!isNode(callee)) return false;
  if (callee.type === "Identifier") return callee["name"] === "test" || callee["name"] === "it";
  if (callee.type === "MemberExpression") {
    const member = (callee["property"] as Node)["name"];
    return member !== "each" && member !== "for" && MARKS.has(String(member)) && isTest(callee["object"]);
  }
  const made = callee.type === "CallExpression" ? callee["callee"] : callee["tag"];
  if (!isNode(made) || made.type !== "MemberExpression") return false;
  return MAKERS.has(String((made["property"] as Node)["name"])) && isTest(made["object"]);
}

const MARKS = new Set(["only", "skip", "todo", "concurrent", "fails", "sequential"]);
const MAKERS = new Set(["each", "for", "runIf", "skipIf"]);

/** What is not a plain string is its code: a template without its quotes. */
function titleOf(node: Node, text: string): string | null {
  if (node.type === "Literal") return typeof node["value"] === "string" ? node["value"] : null;
  if (/Function/.test(node.type)) return null;
  const code = text.slice(Number(node["start"]), Number(node["end"]));
  return node.type === "TemplateLiteral" ? code.slice(1, -1) : code;
}

function exportedBy(statement: unknown): readonly string[] {
  if (!isNode(statement)) return [];
  const declaration = statement["declaration"];
  if (!/^Export(?:Named|Default)Declaration$/.test(statement.type) || !isNode(declaration)) return [];
  const declared =
    declaration.type === "VariableDeclaration" ? (declaration["declarations"] as readonly Node[]) : [declaration];
  return declared.flatMap(({ id }) => (isNode(id) && id.type === "Identifier" ? [String(id["name"])] : []));
}

function visit(value: unknown, look: (node: Node) => void): void {
  if (Array.isArray(value)) for (const one of value) visit(one, look);
  if (!isNode(value)) return;
  look(value);
  for (const child of Object.values(value)) if (typeof child === "object") visit(child, look);
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}
