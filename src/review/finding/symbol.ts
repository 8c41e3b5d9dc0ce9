/**
 * The declarations around a line, outermost first: `User.load`. By indentation and the words that open a declaration in the usual
 * languages; good enough to distinguish two equal pieces of code, and nothing more depends on it.
 */
export function symbolAt(text: string, line: number): string {
  const lines = text.split("\n");
  const names: string[] = [];
  let indent = Number.POSITIVE_INFINITY;
  for (let at = Math.min(line, lines.length) - 1; at >= 0 && indent > 0; at -= 1) {
    const current = lines[at] ?? "";
    if (current.trim() === "") continue;
    const own = current.length - current.trimStart().length;
    // The place itself may be a declaration; above it only what is further out can hold it.
    if (own >= indent) continue;
    indent = own;
    const name = declaredName(current.trim());
    if (name !== null) names.unshift(name);
  }
  return names.join(".");
}

const WORDS =
  /^(?:(?:export|default|public|private|protected|internal|static|abstract|final|async|override|readonly|pub(?:\([\w:]+\))?|unsafe|extern|inline|virtual|declare|sealed|partial|data|open|suspend)\s+)*(?:function\*?|class|interface|enum|struct|trait|impl|module|namespace|def|fn|func|fun|type|record|object|protocol|extension|mod|describe|it|test)\b\s*(?:<[^>]*>\s*)?(?:\([^)]*\)\s*)?["'`(]*([\p{L}_$][\p{L}\p{N}_$.]*)/u;

const ASSIGNED =
  /^(?:export\s+)?(?:const|let|var|val)\s+([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::[^=]+)?=\s*(?:async\s*)?(?:\(|function\b|[\p{L}_$][\p{L}\p{N}_$]*\s*=>|\{|class\b)/u;

/** `load(id) {`, and with a return type before or behind it. */
const METHOD =
  /^(?:[\p{L}_$<>[\],.?*&\s]+\s)?([\p{L}_$#][\p{L}\p{N}_$]*)\s*\([^;]*\)\s*(?::\s*[^={;]+|->\s*[^{;]+|throws\s+[\w.,\s]+)?\{$/u;

const STATEMENTS = new Set(["if", "for", "while", "switch", "catch", "return", "else", "do", "with", "try", "await"]);

function declaredName(line: string): string | null {
  const name = (WORDS.exec(line) ?? ASSIGNED.exec(line) ?? METHOD.exec(line))?.[1] ?? null;
  return name === null || STATEMENTS.has(name) ? null : name;
}
