import { linesOf } from "./text-places.ts";

export type Family = "js" | "python" | "go" | "rust" | "java" | "php" | "ruby";

/** The family of languages that a file is written in; null: none that we read. */
export function familyOf(path: string): Family | null {
  const extension = /\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
  return EXTENSIONS.find(([pattern]) => pattern.test(extension))?.[1] ?? null;
}

const EXTENSIONS: readonly (readonly [RegExp, Family])[] = [
  [/^([cm]?[jt]sx?|vue|svelte)$/, "js"],
  [/^pyi?$/, "python"],
  [/^go$/, "go"],
  [/^rs$/, "rust"],
  // Alike enough where declarations are concerned.
  [/^(java|cs|kts?|scala|groovy|swift|dart|c|cc|cpp|cxx|h|hpp)$/, "java"],
  [/^php$/, "php"],
  [/^rb$/, "ruby"],
];

export interface Source {
  /** Without comments; each character is where it was. */
  readonly code: string;
  /** The text with its strings emptied as well. */
  readonly mask: string;
  /** The line, from 1, that a position is in. */
  readonly lineAt: (at: number) => number;
}

/** Blanks out what is not code, as far as text shows. */
export function readSource(family: Family, text: string): Source {
  const unix = text.replace(/\r\n/g, "\n");
  return { code: blanked(family, unix), mask: blanked(family, unix, { strings: true }), lineAt: linesOf(unix) };
}

/** One line, one blank between words: for people. */
export function oneLineOf(code: string): string {
  return code.replace(/\s+/g, " ").trim();
}

/** The same for all ways to lay out the same code of a family. */
function keyOf(code: string, family: Family | null): string {
  const quoted = family === "js" || family === "python" ? inOneQuote(family, code) : code;
  const plain = oneLineOf(quoted).replace(/ ?([^\w$'"`]) ?/g, "$1");
  // Members end with either; a union may begin with its bar.
  const even = family === "js" ? plain.replace(/;/g, ",").replace(/(^|=>|[=:(<,?[{])[|&](?![|&=])/g, "$1") : plain;
  return even.replace(/[,;]([)\]}>])/g, "$1");
}

/** The same for declarations in which others see no difference. */
export function declarationKey(code: string, family: Family): string {
  const key = keyOf(code, family);
  // With its type written out, it is the body's own affair how the promise is made.
  return family === "js" && /\):Promise<.+>(?:=>)?$/.test(key) ? key.replace(/\basync ?(?=[\w$#[(<])/, "") : key;
}

/** A text of a file in the form that `keyOf` gives, comments left out. */
export function plainText(path: string, text: string): string {
  const family = familyOf(path);
  return keyOf(family === null ? text : readSource(family, text).code, family);
}

/** In these languages both quotes mean the same. */
function inOneQuote(family: "js" | "python", code: string): string {
  return code.replace(TOKENS[family], (token) => {
    if (!/^["'](?!(["'])\1)/.test(token)) return token;
    const inner = token
      .slice(1, -1)
      .replace(/\\[\s\S]|"/g, (part) => (part === "\\'" ? "'" : part === '"' ? '\\"' : part));
    return `"${inner}"`;
  });
}

function blanked(family: Family, text: string, { strings = false } = {}): string {
  return text.replace(TOKENS[family], (token, ...groups) => {
    const isComment = groups[0] !== undefined;
    if (isComment) return token.replace(/[^\n]/g, " ");
    if (!strings || token.startsWith("\\")) return token;
    return `${token.charAt(0)}${token.slice(1, -1).replace(/[^\n]/g, " ")}${token.slice(-1)}`;
  });
}

const QUOTED = String.raw`"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'`;
const SLASHES = String.raw`(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))`;
const TEMPLATE = String.raw`\x60(?:[^\x60\\]|\\[\s\S])*\x60`;
const TRIPLE = String.raw`"""[\s\S]*?"""|'''[\s\S]*?'''`;
// A slash begins a regular expression only where a value may begin.
const REGEX = String.raw`\/(?<=(?:[=(,:;!&|?{}[]\s*|\breturn\s+)\/)(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,500}\])+\/`;
// A quote alone is a lifetime.
const RUST = String.raw`"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\[^'\n]+|\\')'`;
// #[…] is an attribute.
const PHP = String.raw`(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|#(?!\[)[^\n]*)|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'`;
const RUBY = String.raw`(#(?!\{)[^\n]*|(?<![^\n])=begin\b[\s\S]*?(?:\n=end\b[^\n]*|$))`;
// Outside of all strings: what it escapes begins none, so that no string is looked for from there.
const ESCAPE = String.raw`\\[\s\S]`;

/** The first group is a comment; what else matches is a string, or an escape. */
const TOKENS: Readonly<Record<Family, RegExp>> = {
  js: new RegExp(`${SLASHES}|${TEMPLATE}|${QUOTED}|${REGEX}|${ESCAPE}`, "g"),
  python: new RegExp(`(#[^\\n]*)|${TRIPLE}|${QUOTED}|${ESCAPE}`, "g"),
  go: new RegExp(`${SLASHES}|${TEMPLATE}|${QUOTED}|${ESCAPE}`, "g"),
  rust: new RegExp(`${SLASHES}|${RUST}|${ESCAPE}`, "g"),
  java: new RegExp(`${SLASHES}|${TRIPLE}|${QUOTED}|${ESCAPE}`, "g"),
  php: new RegExp(`${PHP}|${ESCAPE}`, "g"),
  ruby: new RegExp(`${RUBY}|${QUOTED}|${ESCAPE}`, "g"),
};
