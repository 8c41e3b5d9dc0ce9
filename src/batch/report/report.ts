import { exitCodeOf } from "../../errors.ts";
import { defuse } from "../../text/defuse.ts";
import { code } from "../../text/markdown.ts";
import { counted, sentence } from "../../text/words.ts";
import { type BatchOutcome, filesOf, type TaskEnd } from "../run/outcome.ts";

/** A batch for a reader: what failed first, each kind once, then every task with where its own report is. */
export function renderBatch(outcome: BatchOutcome, paths: { readonly conflicts: string }): string {
  const { batchId, status, signal, tasks, clean, tokens, error, failures, landed, checks, placed } = outcome;
  const flaky = checks.filter((check) => check.flaky);
  const sections = [
    `# Batch ${batchId}: ${clean}/${tasks.length} clean`,
    `**Exit code: ${exitCodeOf(status, signal)}** (${status}), ${counted(tokens, "token")}`,
    error === null ? "" : `${sentence(defuse(error.message))} ${error.hint}`,
    landed === null ? "" : landing(outcome),
    flaky.length === 0
      ? ""
      : `Flaky: the check failed and then succeeded on the same files (${code(flaky[0]?.output ?? "")}).`,
    failures.length === 0
      ? ""
      : [
          "## Failures",
          "",
          ...failures.map(({ kind, message, tasks: ids }) => `- **${kind}**: ${defuse(message)} (${ids.join(", ")})`),
        ].join("\n"),
    unchecked(placed, batchId),
    ["## Tasks", "", ...tasks.map((task) => line(task, paths.conflicts))].join("\n"),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function unchecked(placed: BatchOutcome["placed"], batchId: string): string {
  const open = placed.filter(({ state }) => state === "unreachable");
  if (open.length === 0) return "";
  const lines = open.map(({ task, runId, machine, left }) => {
    return `- ${code(task)}: ${defuse(left ?? `what run ${runId} left on ${machine} is unchecked`)}`;
  });
  return ["## Machines", "", ...lines, "", `${code(`ask_codex batch --resume ${batchId}`)} looks again.`].join("\n");
}

function landing({ landed }: BatchOutcome): string {
  if (landed?.how === "applied") return "The results are in your work tree, uncommitted.";
  if (landed?.how === "none") return "Nothing changed.";
  return `The results are on the branch ${code(landed?.branch ?? "")}.`;
}

function line({ id, status, applied, state }: TaskEnd, conflicts: string): string {
  const { result, leftOut, now } = state;
  const files = filesOf(state);
  const facts = [
    ...(files === null ? ["files unknown"] : result === null ? [] : [counted(files, "file")]),
    `applied: ${applied}`,
    ...(result?.output_path == null ? [] : [`report ${code(result.output_path)}`]),
    ...(result?.patch == null ? [] : [`patch ${code(result.patch)}`]),
    ...(leftOut?.reason === "conflict" ? [`both sides in ${code(`${conflicts}/${id}`)}`] : []),
    ...(status === "interrupted" && now?.worktree != null ? [`worktree ${code(now.worktree)}`] : []),
  ];
  return `- ${code(id)} **${status}**: ${facts.join(", ")}`;
}
