import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { dirname } from "node:path";
import { asExpected } from "../errors.ts";
import { openCappedLog } from "../files/kept/capped-log.ts";
import { RUN_MARKER } from "../process/run-marker.ts";
import { startChildIn } from "../process/start-child.ts";
import type { CodexCommand } from "./find-codex.ts";

export interface LaunchOptions {
  /** `key=value` overrides of the user's configuration. */
  readonly config: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The id of the run, put into the environment as `RUN_MARKER`. */
  readonly runId: string;
  /** Codex's stderr goes here: it is noise unless Codex fails to start. Texts too long to be held go beside it. */
  readonly stderrPath: string;
}

/** The process of an app-server that nobody has spoken to yet (`serverOf`). */
export interface LaunchedCodex {
  readonly child: ChildProcess;
  /** How it ended; rejects when it could not be started. */
  readonly exit: Promise<readonly [code: number | null, signal: NodeJS.Signals | null]>;
  readonly runId: string;
  /** Where texts too long to be held go. */
  readonly folder: string;
}

/** Settings under which a thread works alone: no sub-agents, no goals, and no search that could carry code away. */
export const ALONE: readonly string[] = ["features.multi_agent=false", "features.goals=false", 'web_search="disabled"'];

/**
 * Starts `codex app-server` in a process group of its own, hanging on our stdin pipe: however we die, it reads EOF and ends, and its
 * sandboxed commands with it. Native questions are switched on; the flag's own warning is not. By itself in a module, so that what speaks
 * to it can be loaded while it starts. (Plain spawn: execa costs 14 ms of start-up here, on the way to the first byte.)
 * @throws AskCodexError when the machine has no room for it
 */
export function launchCodex(command: CodexCommand, options: LaunchOptions): LaunchedCodex {
  const { cwd, env, runId, stderrPath } = options;
  const log = openCappedLog(stderrPath);
  const path = [...command.pathAdditions, env["PATH"] ?? ""].join(":");
  const child = startChildIn(cwd, command.program, [...command.args, "app-server", ...overrides(options)], {
    env: { ...env, PATH: path, [RUN_MARKER]: runId },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true,
  });
  if (child instanceof Error) {
    log.close();
    throw asExpected(child, "Codex could not be started");
  }
  child.stderr?.on("data", (chunk: Buffer) => log.write(chunk)).on("close", () => log.close());
  const exit = once(child, "exit") as Promise<[number | null, NodeJS.Signals | null]>;
  // Whoever waits for it hears of it.
  exit.catch(() => {});
  return { child, exit, runId, folder: dirname(stderrPath) };
}

/** Ends a Codex that nobody could speak to: it has been told nothing yet, and so has begun nothing. */
export function dropLaunched({ child }: LaunchedCodex): void {
  child.kill("SIGKILL");
  // Where it is a launcher, what that has started reads EOF, and nothing keeps us.
  for (const stream of child.stdio) stream?.destroy();
}

function overrides({ config, env, runId }: LaunchOptions): readonly string[] {
  // Whatever the user's own policy keeps from commands: these find what a run has left and stop Codex from calling us back.
  const ours = { [RUN_MARKER]: runId, ASK_CODEX_DEPTH: env["ASK_CODEX_DEPTH"] ?? "1" };
  const all = [
    "features.default_mode_request_user_input=true",
    "suppress_unstable_features_warning=true",
    // A goal makes Codex begin one turn after the other by itself: a task is over when its turn is.
    "features.goals=false",
    ...Object.entries(ours).map(([name, value]) => `shell_environment_policy.set.${name}="${value}"`),
    ...config,
  ];
  return all.flatMap((override) => ["-c", override]);
}
