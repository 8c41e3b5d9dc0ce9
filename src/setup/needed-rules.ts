import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isErrno } from "../errors.ts";

/** The folders that Claude Code has something to do with. */
export interface RuledFolders {
  readonly skill: string;
  readonly state: string;
  /** Where sessions are: not always in the state folder. */
  readonly sessions: string;
}

/**
 * The permission rules with which Claude Code runs the two commands unasked, with whatever follows them, and reads what the skill
 * sends it to: the skill's own pages, the reports with what lies beside them, and the work tree that a session has of its own. Nothing else of a folder is named.
 */
export async function neededRules({ skill, state, sessions }: RuledFolders): Promise<readonly string[]> {
  const commands = ["ask_codex", "codex_broker"].map((name) => commandRule(join(skill, "scripts", name)));
  const pages = await readRules(skill, ["**"]);
  const reports = await readRules(state, ["runs/**", "batches/**"]);
  const ofSessions = await readRules(sessions, ["*/runs/**", "*/worktree/**", "*/delegations/**"]);
  return [...commands, ...pages, ...reports, ...ofSessions];
}

/**
 * 2.1.197 and 2.1.329: a path without quotes matches the command with and without them; one with a blank in it matches only in the
 * quotes it is called with.
 */
function commandRule(path: string): string {
  return `Bash(${/^[\w@%+=:,./-]+$/.test(path) ? path : `"${path}"`} *)`;
}

/** Both versions: a file behind a link is read only when rules allow the path that was asked for and the one it leads to. */
async function readRules(folder: string, patterns: readonly string[]): Promise<readonly string[]> {
  const folders = [...new Set([folder, await whereItLeads(folder)])];
  // One slash more says that the path is absolute.
  return folders.flatMap((path) => patterns.map((pattern) => `Read(/${join(asPattern(path), pattern)})`));
}

/** Both versions take a `?` with a backslash before it for another name; left alone it matches itself, and one letter in its place. */
function asPattern(path: string): string {
  return path.replace(/[[*]/g, "\\$&");
}

/** What is not there yet will be made below what is. */
async function whereItLeads(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "ELOOP") || dirname(path) === path) throw error;
    return join(await whereItLeads(dirname(path)), basename(path));
  }
}
