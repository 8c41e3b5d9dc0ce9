import { cpSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { copyOf } from "../setup/templates.ts";

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

/** A new repository on `main`, with all that is in the folder committed; `files` says what that is. */
export function initRepository(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  const run = (at: string, ...args: readonly string[]) =>
    execaSync("git", args, { cwd: at, env: GIT_ENV, stdin: "ignore" });
  const key = JSON.stringify(
    Object.entries(files).map(([path, content]) => [path, Buffer.from(content).toString("base64")]),
  );
  copyOf(`committed ${key}`, join(folder, ".git"), (template) => {
    cpSync(folder, template, { recursive: true });
    run(template, "init", "--quiet", "--initial-branch=main", "--template=");
    run(template, "add", "--all");
    run(template, ...NO_UPKEEP, "commit", "--quiet", "--allow-empty", "--message=start");
    for (const name of readdirSync(template)) if (name !== ".git") rmSync(join(template, name), { recursive: true });
    for (const name of readdirSync(join(template, ".git")))
      renameSync(join(template, ".git", name), join(template, name));
    rmdirSync(join(template, ".git"));
    addUsualFolders(template);
  });
  // The copy is as young as its files, and git knows neither.
  run(folder, "update-index", "-q", "--refresh");
}

/** Git's samples of hooks stay out; the folders that programs and tests expect are there. */
export function addUsualFolders(gitFolder: string): void {
  for (const name of ["hooks", "info"]) mkdirSync(join(gitFolder, name), { recursive: true });
}

/** What git would do in the background after a commit is nothing that a test waits for. */
export const NO_UPKEEP = ["-c", "maintenance.auto=false", "-c", "gc.auto=0"];
