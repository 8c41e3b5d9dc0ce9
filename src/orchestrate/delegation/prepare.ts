import { makePrivateFolder } from "../../files/write-whole.ts";
import { requireWorkTree, type WorkTree } from "../../workspace/git/find-work-tree.ts";
import { type CheckedRequest, checkRequest } from "../request/check.ts";
import { executorOf, kindOf } from "../request/kind.ts";
import type { ExecutorName, Refusal } from "../request/schema.ts";
import { type CommandLine, claudeCommandLine } from "./claude-execution.ts";
import type { DelegationOptions } from "./options.ts";

type Preparing = Pick<DelegationOptions, "request" | "bounds" | "executor" | "folder" | "context" | "workspace">;

interface Prepared {
  readonly checked: CheckedRequest;
  readonly tree: WorkTree;
  /** Null: no one works, commands are run. */
  readonly executor: ExecutorName | null;
}

/**
 * Checks a request before anything of it starts.
 * @throws UsageError where there is no git work tree, or its policy cannot be read
 */
export async function prepareDelegation(options: Preparing): Promise<Prepared> {
  const { request, bounds, folder, context, workspace } = options;
  await makePrivateFolder(folder);
  const tree = await requireWorkTree(workspace, { ...JUDGED_BY_GIT, signal: context.signal });
  const executor = executorOf(request, options.executor);
  const searchPath = context.env["PATH"] ?? "";
  const place = { root: tree.root, searchPath, bounds, executor: executor ?? "claude", folder };
  return { checked: await checkRequest(request, place), tree, executor };
}

/** What `--dry-run` shows of a request. */
export interface Preview {
  readonly refusals: readonly Refusal[];
  readonly executor: ExecutorName | null;
  /** What would be started, without environment and prompt; null: nothing, or a Codex. */
  readonly commandLine: CommandLine | null;
}

/**
 * What a delegation would start, without starting it.
 * @throws AskCodexError as for prepareDelegation, and `claude_missing`
 */
export async function previewDelegation(
  options: Preparing & Pick<DelegationOptions, "claude" | "conversation">,
): Promise<Preview> {
  const { checked, tree, executor } = await prepareDelegation(options);
  if (!checked.ok) return { refusals: checked.refusals, executor: null, commandLine: null };
  const { contract, trusted } = checked;
  const assignment = { contract, kind: kindOf(options.request.type), root: tree.root, trusted: new Set(trusted) };
  const commandLine = executor === "claude" ? await claudeCommandLine(assignment, options) : null;
  return { refusals: [], executor, commandLine };
}

const JUDGED_BY_GIT = {
  why: "What a delegation changes is judged by git",
  hint: "Run `git init` there, and commit what there is.",
};
