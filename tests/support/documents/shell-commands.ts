/** A command of a shell example: its words as the program would get them, variables left as they are written. */
export type Words = readonly string[];

/** The arguments of every call of the program, by its name or by a path. */
export function callsOf(program: string, script: string): readonly Words[] {
  return commandsIn(script).flatMap((words) => {
    const at = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
    return words[at]?.split("/").at(-1) === program ? [words.slice(at + 1)] : [];
  });
}

/** Splits at what ends a command: a line's end, a pipe, `&&`, `;`, brackets. Here-documents and redirections are left out. */
export function commandsIn(script: string): readonly Words[] {
  const text = script
    .replaceAll(/<<-?\s*(['"]?)(\w+)\1([^\n]*)\n[\s\S]*?^\2$/gm, "$3")
    .replaceAll(/\\\n/g, " ")
    .replaceAll(/(^|\s)#.*$/gm, "");
  const commands: string[][] = [[]];
  for (const [token] of text.matchAll(TOKEN)) {
    if (/^[\n;|&()]+$/.test(token)) commands.push([]);
    else if (!/^\d*[<>]/.test(token)) commands.at(-1)?.push(unquoted(token));
  }
  return commands.filter((words) => words.length > 0);
}

/** A redirection, a word of quoted and bare parts, or what stands between two commands. */
const TOKEN = /\d*[<>]+&?\s*[^\s;|&()]+|(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s;|&()<>'"\\])+|[\n;|&()]+/g;

function unquoted(token: string): string {
  const part = /'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)/g;
  return token.replaceAll(part, (_, single?: string, double?: string, escaped = "") => {
    return single ?? double?.replaceAll(/\\(["\\$`])/g, "$1") ?? escaped;
  });
}
