import { execa } from "execa";

/** The same author, dates and settings on every machine; nothing of whoever runs the tests. */
export const GIT_ENV = {
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_AUTHOR_DATE: "2026-01-02T03:04:05Z",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
  GIT_COMMITTER_DATE: "2026-01-02T03:04:05Z",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_TERMINAL_PROMPT: "0",
} as const;

/** Runs git in a folder and resolves with what it printed; fails when git does. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execa("git", args, { cwd: folder, env: GIT_ENV, stdin: "ignore" });
  return stdout;
}

/** A new repository on `main`, with all that is in the folder committed. */
export async function initRepository(folder: string): Promise<void> {
  await git(folder, "init", "--quiet", "--initial-branch=main");
  await git(folder, "add", "--all");
  await git(folder, "commit", "--quiet", "--allow-empty", "--message=start");
}
