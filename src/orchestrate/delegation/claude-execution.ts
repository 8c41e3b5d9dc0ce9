import { join } from "node:path";
import * as z from "zod/mini";
import { claudeArguments } from "../../claude/arguments.ts";
import { findClaude } from "../../claude/find-claude.ts";
import { type ClaudeRun, subjectOf } from "../../claude/fold-run.ts";
import { type EarlierRuns, priceOf } from "../../claude/price.ts";
import { rulesFor } from "../../claude/rules.ts";
import { type ClaudeEnd, runClaude } from "../../claude/run-claude.ts";
import { readUsersSettings, rulesThatHold } from "../../claude/users-settings.ts";
import { withoutBraces } from "../../handoff/patterns/braces.ts";
import { pathPattern } from "../../handoff/patterns/patterns.ts";
import { lastWord } from "../../handoff/run/last-word.ts";
import { executorEnvironment } from "../../process/environment.ts";
import type { Assignment } from "./assignment.ts";
import type { Execution } from "./execution.ts";
import type { DelegationOptions } from "./options.ts";
import type { Denial, Usage } from "./outcome.ts";
import { promptFor } from "./prompt.ts";

type ClaudeDelegation = Pick<
  DelegationOptions,
  "id" | "folder" | "context" | "claude" | "conversation" | "conflict" | "limits" | "onProgress"
>;

/** A program with its arguments: what is started, and what `--dry-run` shows. */
export interface CommandLine {
  readonly program: string;
  readonly args: readonly string[];
}

/**
 * The command line that does a task, without its environment and its prompt.
 * @throws AskCodexError `claude_missing`
 */
export async function claudeCommandLine(
  assignment: Assignment,
  { claude, conversation }: Pick<ClaudeDelegation, "claude" | "conversation">,
): Promise<CommandLine> {
  const { program, args } = await findClaude({ ...claude, path: claude.env["PATH"] ?? "" });
  const users = readUsersSettings(claude.env, claude.home);
  const own = claudeArguments({
    rules: rulesOf(assignment),
    userSettings: claude.settings === "user",
    settings: claude.settings === "user" ? {} : users.settings,
    ...{ model: claude.model, budgetUsd: claude.budgetUsd, conversation },
  });
  return { program, args: [...args, ...own] };
}

/**
 * Lets Claude Code do a task. What goes wrong is part of what comes back.
 * @throws AskCodexError `claude_missing`
 */
export async function claudeExecution(assignment: Assignment, options: ClaudeDelegation): Promise<Execution> {
  const { id, folder, context, claude, conversation, conflict, limits, onProgress } = options;
  const { contract, kind, root, trusted } = assignment;
  const users = readUsersSettings(claude.env, claude.home);
  const line = await claudeCommandLine(assignment, options);
  const end = await runClaude({
    ...line,
    prompt: promptFor({ contract, kind, trusted, again: conversation !== null, conflict }),
    cwd: root,
    env: executorEnvironment(claude.env, claude.settings === "user" ? {} : users.env),
    id,
    logPath: join(folder, "claude.log"),
    ...{ limits, signal: context.signal },
    watcher: {
      started: (pid) => onProgress({ type: "started", executor: "claude", pid }),
      opened: (known) => onProgress({ type: "conversation", conversation: known }),
      action: (text) => onProgress({ type: "action", text }),
    },
  });
  const usage = usageOf(end.run, claude.earlier);
  onProgress({ type: "usage", usage });
  return { ...executionOf(end, root), usage, remarks: claude.settings === "user" ? [rulesThatHold(users)] : [] };
}

function rulesOf({ contract, kind, trusted }: Assignment) {
  const { scope, expectFiles } = contract.handoff;
  const paths = (patterns: readonly string[]) => patterns.flatMap((text) => withoutBraces(pathPattern(text).path));
  const edit = kind === "change" ? paths([...scope.files, ...expectFiles]) : [];
  // A forbidden range of lines is judged afterwards: a rule knows whole files alone.
  const forbid = paths(scope.forbid.filter((text) => pathPattern(text).lines === null));
  return rulesFor({ edit, forbid, commands: [...trusted] });
}

const closing = z.object({ status: z.enum(["DONE", "BLOCKED", "PARTIAL"]), notes: z._default(z.string(), "") });

function executionOf({ run, error, survivors }: ClaudeEnd, root: string): Omit<Execution, "usage" | "remarks"> {
  const structured = closing.safeParse(run.result?.structured_output);
  const text = run.result?.result ?? run.text;
  const said = structured.success ? { word: structured.data.status, text: structured.data.notes } : lastWord(text);
  return {
    ...{ error, survivors, said, conversation: run.conversation },
    notes: structured.success ? structured.data.notes : text,
    denials: denialsOf(run, root),
    deeds: [...run.deeds, ...run.open.values()],
  };
}

function denialsOf({ result }: ClaudeRun, root: string): readonly Denial[] {
  return (result?.permission_denials ?? []).map(({ tool_name: tool, tool_input }) => {
    return { tool, what: subjectOf(tool_input).replace(`${root}/`, "") };
  });
}

function usageOf({ result, model }: ClaudeRun, earlier: EarlierRuns): Usage {
  const {
    input_tokens = 0,
    output_tokens = 0,
    cache_read_input_tokens = 0,
    cache_creation_input_tokens = 0,
  } = result?.usage ?? {};
  const cached = cache_read_input_tokens ?? 0;
  const inputTokens = (input_tokens ?? 0) + cached + (cache_creation_input_tokens ?? 0);
  const outputTokens = output_tokens ?? 0;
  return {
    ...{ inputTokens, cachedInputTokens: cached, outputTokens },
    listPriceUsd: result === null ? null : priceOf(result, inputTokens + outputTokens, earlier),
    model,
  };
}
