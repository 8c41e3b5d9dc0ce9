import { join, resolve } from "node:path";
import { AskCodexError } from "../errors.ts";
import { isExecutable } from "../files/executable.ts";
import { namedProgram, pathFolders, usualFolders } from "../files/program-folders.ts";

export interface ClaudeCommand {
  readonly program: string;
  /** Arguments that come before ours (only from ASK_CODEX_CLAUDE). */
  readonly args: readonly string[];
}

export interface ClaudeSearch {
  /** ASK_CODEX_CLAUDE: a program, or a program and its arguments separated by blanks. */
  readonly command: string | undefined;
  readonly path: string;
  readonly home: string | null;
}

/**
 * Finds Claude Code: ASK_CODEX_CLAUDE, then `claude` on PATH, then the usual places of an install.
 * @throws AskCodexError `claude_missing`
 */
export async function findClaude({ command, path, home }: ClaudeSearch): Promise<ClaudeCommand> {
  if (command?.trim()) {
    const named = namedProgram(command.trim(), path);
    if (named !== null) return { ...named, program: resolve(named.program) };
    throw new AskCodexError("claude_missing", `ASK_CODEX_CLAUDE names no program that can be run: ${command}`, {
      hint: "Set it to the path of a claude, or unset it.",
    });
  }
  const own = home === null ? [] : [join(home, ".claude", "local")];
  const folders = [...pathFolders(path), ...own, ...(await usualFolders(home))];
  const program = folders.map((folder) => join(folder, "claude")).find(isExecutable);
  if (program !== undefined) return { program, args: [] };
  throw new AskCodexError("claude_missing", "claude was not found on PATH or in the usual places of an install");
}
