import { existsSync } from "node:fs";
import { findClaude } from "../claude/find-claude.ts";
import { loginSeen } from "../claude/login.ts";
import { claudeVersion, isOldClaude, OLDEST_CLAUDE } from "../claude/version.ts";
import { AskCodexError, asExpected } from "../errors.ts";
import { runProgram } from "../process/run-program.ts";
import { type Check, fail, ok, warn } from "./check.ts";

// Claude Code answers within 0.1 s; a wrapper may take longer.
const CLAUDE_LIMIT_MS = 5_000;
const GIT_LIMIT_MS = 5_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** The Node that runs this: an older one than we need has been refused before. */
export function checkNode(version: string, path: string): Check {
  return ok("node", `${version} (${path})`);
}

/** Only who uses the skill needs it; the commands work without. */
export async function checkClaude(env: Environment, cwd: string): Promise<Check> {
  const home = env["HOME"] ?? null;
  const found = await findClaude({ command: env["ASK_CODEX_CLAUDE"], path: env["PATH"] ?? "", home }).catch(asExpected);
  if (found instanceof AskCodexError) return warn("claude", found.message, found.hint);
  const { program, args } = found;
  const { code, output } = await runProgram(program, [...args, "--version"], { cwd, env, limitMs: CLAUDE_LIMIT_MS });
  const version = claudeVersion(output);
  if (code === 0 && version !== null) {
    const old = `${version}, which is too old to do tasks for Codex (${OLDEST_CLAUDE} or newer)`;
    if (isOldClaude(version)) return warn("claude", old, "claude update");
    const login = loginSeen(env, home);
    return ok("claude", `${version}, ${login === null ? "no login seen" : `login by ${login}`}`);
  }
  const mend = "To use the skill, install it: npm install -g @anthropic-ai/claude-code";
  return warn("claude", `${program} prints no version`, mend);
}

/** Evidence, worktrees and handoffs come from git: without the program a run cannot say what it changed. */
export async function checkGit(env: Environment, cwd: string): Promise<Check> {
  const { code, output } = await runProgram("git", ["--version"], { cwd, env, limitMs: GIT_LIMIT_MS });
  const version = /\d+\.\d+(?:\.\d+)*/.exec(output)?.[0];
  if (code === 0 && version !== undefined) return ok("git", version);
  return fail("git", "git was not found on PATH: no evidence of changes, no worktrees, no handoffs", "Install git.");
}

/** A sandbox around us, in which Codex may not be able to make its own; null when none can be seen. */
export function sandboxAround(env: Environment): string | null {
  if (env["CODEX_SANDBOX"] || env["CODEX_SANDBOX_NETWORK_DISABLED"]) return "a sandbox of Codex";
  if (Number(env["ASK_CODEX_DEPTH"]) > 0) return "a run of ask_codex";
  if (env["SANDBOX_RUNTIME"]) return "the sandbox of Claude Code";
  return null;
}

export function checkNesting(env: Environment): Check {
  const around = sandboxAround(env);
  const container = ["/.dockerenv", "/run/.containerenv"].some((path) => existsSync(path));
  if (around === null) return ok("nesting", container ? "in a container, in no sandbox" : "in no other sandbox");
  return warn("nesting", `inside ${around}: Codex may not be able to make its own there`, OUT_OF_IT);
}

export const OUT_OF_IT =
  "Run it outside: in Claude Code's settings, list ask_codex and codex_broker under sandbox.excludedCommands.";
