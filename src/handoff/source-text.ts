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
  [/^(java|cs|kts?|scala|swift|dart|c|cc|cpp|cxx|h|hpp)$/, "java"],
  [/^php$/, "php"],
  [/^rb$/, "ruby"],
];

export interface Source {
  /** Without comments; each character is where it was. */
  readonly code: string;
  /** Nor is there anything in the strings. */
  readonly mask: string;
}

/** Blanks out what is no code, as far as text tells. */
export function readSource(family: Family, text: string): Source {
  const unix = text.replace(/\r\n/g, "\n");
  return { code: blanked(family, unix, false), mask: blanked(family, unix, true) };
}

/** One line, one blank between words: for people. */
export function oneLineOf(code: string): string {
  return code.replace(/\s+/g, " ").trim();
}

/** The same for all ways to lay out the same code. */
export function keyOf(code: string): string {
  return oneLineOf(code)
    .replace(/ ?([^\w$'"`]) ?/g, "$1")
    .replace(/[,;]([)\]}>])/g, "$1");
}

/** A text of a file in the form that `keyOf` gives, comments left out. */
export function plainText(path: string, text: string): string {
  const family = familyOf(path);
  return keyOf(family === null ? text : readSource(family, text).code);
}

function blanked(family: Family, text: string, strings: boolean): string {
  return text.replace(TOKENS[family], (token, ...groups) => {
    const isComment = groups[0] !== undefined;
    if (!isComment && !strings) return token;
    const inner = token.slice(1, -1).replace(/[^\n]/g, " ");
    return isComment ? token.replace(/[^\n]/g, " ") : `${token.charAt(0)}${inner}${token.slice(-1)}`;
  });
}

const QUOTED = String.raw`"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'`;
const SLASHES = String.raw`(\/\/[^\n]*|\/\*[\s\S]*?\*\/)`;
const TEMPLATE = String.raw`\x60(?:[^\x60\\]|\\[\s\S])*\x60`;
const TRIPLE = String.raw`"""[\s\S]*?"""|'''[\s\S]*?'''`;
// A slash begins a regular expression only where a value may begin.
const REGEX = String.raw`(?<=[=(,:;!&|?{}[]\s*|\breturn\s+)\/(?![*/])(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/`;
// A quote alone is a lifetime.
const RUST = String.raw`"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\\n]|\\[^'\n]+|\\')'`;
// #[…] is an attribute.
const PHP = String.raw`(\/\/[^\n]*|\/\*[\s\S]*?\*\/|#(?!\[)[^\n]*)|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'`;

/** The first group is a comment; what else matches is a string. */
const TOKENS: Readonly<Record<Family, RegExp>> = {
  js: new RegExp(`${SLASHES}|${TEMPLATE}|${QUOTED}|${REGEX}`, "g"),
  python: new RegExp(`(#[^\\n]*)|${TRIPLE}|${QUOTED}`, "g"),
  go: new RegExp(`${SLASHES}|${TEMPLATE}|${QUOTED}`, "g"),
  rust: new RegExp(`${SLASHES}|${RUST}`, "g"),
  java: new RegExp(`${SLASHES}|${TRIPLE}|${QUOTED}`, "g"),
  php: new RegExp(PHP, "g"),
  ruby: new RegExp(`(#(?!\\{)[^\\n]*)|${QUOTED}`, "g"),
};
