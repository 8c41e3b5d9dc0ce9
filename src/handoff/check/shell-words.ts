/** One simple command of a shell command line. */
export interface SimpleCommand {
  /** Its words without quotes; null: only the shell can know them. */
  readonly words: readonly (string | null)[];
}

/** The simple commands of a command line, in their order. Null: it is more of a program than we read. */
export function simpleCommands(line: string): readonly SimpleCommand[] | null {
  if (/<<|\$\(|`|\(\)|\bcase\b|\bfunction\b/.test(line)) return null;
  const commands: (string | null)[][] = [[]];
  let open = false;
  for (const [token] of line.replace(/\\\n/g, " ").matchAll(TOKENS)) {
    const current = commands.at(-1) ?? [];
    if (/^#/.test(token) && !open) continue;
    if (/^[ \t]+$/.test(token)) open = false;
    else if (/^\d*[<>]|^&>/.test(token)) open = false;
    else if (/^[\n;&|()]/.test(token)) {
      commands.push([]);
      open = false;
    } else {
      const known = plain(token);
      const before = open ? current.pop() : "";
      current.push(known === null || before === null || before === undefined ? null : before + known);
      open = true;
    }
  }
  return commands.filter((words) => words.length > 0).map((words) => ({ words }));
}

/** Comments, blanks, redirections with their targets, what ends a command, quoted and plain parts of words. */
const TOKENS =
  /#[^\n]*|[ \t]+|(?:\d*(?:>>|>\||>&|<&|<>|>|<)|&>>?)[ \t]*[^\s;&|()'"]*|&&|\|\||[\n;&|()]|'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s;&|()'"\\<>#]+#?|./gs;

function plain(part: string): string | null {
  if (part.startsWith("'")) return part.slice(1, -1);
  const text = part.startsWith('"') ? part.slice(1, -1).replace(/\\([\\"$`])/g, "$1") : part.replace(/^\\(.)$/s, "$1");
  return /[$`]/.test(part) ? null : text;
}
