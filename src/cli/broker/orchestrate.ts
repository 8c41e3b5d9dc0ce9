import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import { TOOLS_VERSION } from "../../broker/lead/tools.ts";
import { readUsersSettings, rulesThatHold } from "../../claude/users-settings.ts";
import { UsageError } from "../../errors.ts";
import { readUserConfig, userConfigPath } from "../../files/config/user-file.ts";
import type { UserConfig } from "../../files/config/user-form.ts";
import { treePath } from "../../handoff/document/schema.ts";
import type { OrchestrationOptions } from "../../orchestrate/queue/options.ts";
import { requireWorkTree } from "../../workspace/git/find-work-tree.ts";
import { requiredText } from "../command/task-text.ts";
import { ownEnvironment } from "../edge/environment.ts";
import { currentFolder } from "../edge/folders.ts";
import { homeFolder } from "../edge/home.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { writeErr } from "../edge/stdio.ts";
import { begin, type StartFlags } from "./start.ts";

interface OrchestrateFlags extends StartFlags {
  readonly maxTasks: number;
  readonly parallel: number;
  readonly budgetMinutes: number;
  readonly budgetUsd?: string | undefined;
  readonly claudeModel?: string | undefined;
  readonly executor: "claude" | "codex";
  readonly executorSettings: "none" | "user";
  readonly scope: readonly string[];
  readonly forbid: readonly string[];
  readonly validation: readonly string[];
  readonly bulkFiles: number;
  readonly dryRun: boolean;
}

/** `codex_broker orchestrate`: a session whose Codex leads, in a read-only thread with tools of ours. */
export async function orchestrate(argument: string | undefined, flags: OrchestrateFlags): Promise<number> {
  refuseInside("codex_broker orchestrate");
  const goal = await requiredText("orchestrate requires a goal.", flags, argument);
  refuseMisfits(flags);
  const options = optionsOf(flags, (await readUserConfig(userConfigPath(ownEnvironment(), homeFolder()))).orchestrate);
  await requireGit(flags.workspace);
  if (options.executorSettings === "user") {
    const env = ownEnvironment();
    writeErr(`[WARNING] ${rulesThatHold(readUsersSettings(env, env["HOME"] ?? null))}\n`);
  }
  return begin(goal, { ...flags, readOnly: true }, options);
}

/** What a thread that only reads, and is born with its tools, cannot take. */
function refuseMisfits(flags: OrchestrateFlags): void {
  const { session, role, sandbox, fullAuto, network, addDir } = flags;
  if (session !== undefined)
    throw new UsageError(
      "orchestrate begins a session of its own: a thread keeps the tools it was born with.",
      "Drop --session.",
    );
  if (role !== undefined) throw new UsageError("orchestrate has a role of its own.", "Drop --role.");
  const wide = [
    sandbox === undefined || sandbox === "read-only" ? null : "--sandbox",
    fullAuto ? "--full-auto" : null,
    network ? "--network" : null,
    addDir.length > 0 ? "--add-dir" : null,
  ].find((flag) => flag !== null);
  if (wide !== undefined)
    throw new UsageError(
      `${wide} does not go with orchestrate: Codex only reads, and executors write in scope.`,
      `Drop ${wide}.`,
    );
}

/** Both sides may set bounds: a scope on the command line takes the place of the user's own, bans and commands add up. */
function optionsOf(flags: OrchestrateFlags, own: UserConfig["orchestrate"] = {}): OrchestrationOptions {
  const { maxTasks, parallel, budgetMinutes, bulkFiles, executor, executorSettings, dryRun } = flags;
  for (const [flag, value] of Object.entries({
    "--max-tasks": maxTasks,
    "--parallel": parallel,
    "--bulk-files": bulkFiles,
  }))
    if (value < 1) throw new UsageError(`${flag} must be 1 or more.`);
  if (parallel > MOST_PARALLEL)
    throw new UsageError(
      `--parallel is ${MOST_PARALLEL} at the most: each executor takes memory.`,
      "Choose a smaller number.",
    );
  return {
    toolsVersion: TOOLS_VERSION,
    ...{ maxTasks, parallel, budgetMinutes, bulkFiles, executor, executorSettings, dryRun },
    budgetUsd: flags.budgetUsd === undefined ? null : amount(flags.budgetUsd),
    claudeModel: flags.claudeModel ?? null,
    scope: (flags.scope.length > 0 ? flags.scope : (own.scope ?? [])).map((text) => patternOf("--scope", text)),
    forbid: together(flags.forbid, own.forbid).map((text) => patternOf("--forbid", text)),
    validation: together(flags.validation, own.validation),
  };
}

function together(some: readonly string[], others: readonly string[] = []): string[] {
  return [...new Set([...some, ...others])];
}

/** A pattern that leaves the work tree would match nothing, and a person would believe that it does. */
function patternOf(flag: string, text: string): string {
  const parsed = treePath.safeParse(text.trim());
  if (parsed.success) return parsed.data;
  const [{ message } = { message: "is not a pattern" }] = parsed.error.issues;
  throw new UsageError(
    `${flag}: \`${text}\` ${message}.`,
    "Name files or globs from the root of the work tree: src/**.",
  );
}

// An executor takes about 170 MB.
const MOST_PARALLEL = 16;

function amount(given: string): number {
  if (!/^\d{1,6}(\.\d{1,4})?$/.test(given) || Number(given) === 0)
    throw new UsageError("--budget-usd must be an amount such as 5 or 0.50.");
  return Number(given);
}

async function requireGit(workspace: string | undefined): Promise<void> {
  const folder = await realpath(resolve(currentFolder(), workspace ?? ".")).catch(() => null);
  // A missing folder is reported with the other flags.
  if (folder === null) return;
  const why = "What an executor changes is judged by git";
  await requireWorkTree(folder, { why, hint: "Run `git init` there, and commit what there is." });
}
