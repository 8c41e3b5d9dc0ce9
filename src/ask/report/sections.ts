import type { CommandRun } from "../../codex/command-run.ts";
import type { Declined } from "../../codex/server-requests.ts";
import { defuse } from "../../text/defuse.ts";
import { code, fenced } from "../../text/markdown.ts";
import type { FileChange } from "../../workspace/git/diff-trees.ts";
import type { CheckResult } from "../model/checks.ts";
import type { Changes } from "../model/evidence.ts";
import type { AskOutcome } from "../model/outcome.ts";
import { exitLine } from "./exit-line.ts";

// A report is read by a model: enough to see what kind of change it was, and the JSON has the rest.
const MAX_LISTED = 200;

/** What changed in the work tree while the run ran, as git says, not as Codex says. */
export function changesSection(changes: Changes): string {
  return `## Changes\n\n${describeChanges(changes)}`;
}

function describeChanges(changes: Changes): string {
  switch (changes.type) {
    case "read_only":
      return "None: the sandbox was read-only, as Codex itself resolved it.";
    case "no_git":
      return "Unknown: the workspace is not in a git work tree, or ignored by it, so there is nothing to compare with.";
    case "unknown":
      return `Unknown: ${defuse(changes.reason)}`;
    case "listed":
      return describeListed(changes);
  }
}

function describeListed(changes: Extract<Changes, { type: "listed" }>): string {
  const { files, root, headMoved, refsMoved, deletedTests, dirtyBefore, alsoRunning } = changes;
  const warnings = [
    ...(headMoved === null
      ? []
      : [
          `HEAD moved: ${headName(headMoved.fromBranch, headMoved.from)} → ${headName(headMoved.toBranch, headMoved.to)}`,
        ]),
    ...refsMoved.map(({ ref, from, to }) => `ref ${code(ref)}: ${shortId(from)} → ${shortId(to)}`),
    ...(deletedTests.length === 0 ? [] : [`Deleted tests: ${capped(deletedTests, 20, code).join(", ")}`]),
    ...(alsoRunning.length === 0
      ? []
      : [`Other runs worked in this tree meanwhile, so some of it may be theirs: ${alsoRunning.join(", ")}`]),
  ];
  const before =
    dirtyBefore.length === 0
      ? []
      : [
          `${dirtyBefore.length} other file(s) were already changed before the run, or again by it; only what the run itself changed is listed.`,
        ];
  const list =
    files.length === 0 ? ["No file changed."] : [`In ${code(root)}:`, "", ...capped(files, MAX_LISTED, describeFile)];
  return [
    ...list,
    ...(warnings.length + before.length > 0 ? [""] : []),
    ...warnings.map((warning) => `**${warning}**`),
    ...before,
  ].join("\n");
}

function describeFile({ path, kind, added, removed, from }: FileChange): string {
  const counts = added === null || removed === null ? "" : ` (+${added} −${removed})`;
  return `- ${kind}: ${from === undefined ? "" : `${code(from)} → `}${code(path)}${counts}`;
}

/** Checks that were asked for, in the words of the original's validation section when one failed. */
export function checksSection({ checks, status, rounds }: AskOutcome): string {
  if (checks.length === 0) return "";
  const repaired = rounds === 0 ? [] : [`Repair rounds: ${rounds}`];
  const failed = checks.filter(({ passed }) => !passed);
  if (failed.length === 0)
    return ["## Checks", "", ...checks.map((check) => `- ${describePassed(check, "passed")}`), ...repaired].join("\n");
  const missing = failed.filter(({ type }) => type === "expect_file").map(({ subject }) => `- ${subject}`);
  return [
    "---",
    "## Completion Validation Failed",
    ...(missing.length > 0 ? [`Missing expected files:\n${missing.join("\n")}`] : []),
    ...failed.flatMap(describeFailed),
    ...checks.filter(({ passed }) => passed).map((check) => describePassed(check, "Passed")),
    ...repaired,
    ...(status === "validation_failed"
      ? [exitLine(status, "Codex exited, but required artifacts/verification were incomplete")]
      : []),
  ].join("\n\n");
}

function describeFailed(check: CheckResult): readonly string[] {
  if (check.type === "expect_file") return [];
  if (check.type === "output_schema") return [`The answer does not fit the output schema:`, fenced(check.detail)];
  if (check.type === "contract") return [`The contract does not hold:`, fenced(check.detail)];
  if (check.type === "review") return [`The review of ${check.subject} is not passed:`, fenced(check.detail)];
  if (check.type === "second_look") return [`Changed while ${code(check.subject)} ran:`, fenced(check.detail)];
  const end = check.exitCode ?? "none (killed)";
  return ["Verification command:", code(check.subject), `Verification exit code: ${end}`, fenced(check.detail)];
}

function describePassed(check: CheckResult, passed: string): string {
  if (check.type === "review") return `${passed}: review, ${check.detail}`;
  if (check.type !== "second_look") return `${passed}: ${describeCheck(check)}`;
  const files = capped(check.detail.split("\n"), 20, code).join(", ");
  return `${code(check.subject)} itself changed ${files}`;
}

function describeCheck({ type, subject, durationMs }: CheckResult): string {
  const what = WHAT_WAS_CHECKED[type];
  return `${what} ${code(subject)}${durationMs === null ? "" : ` (${(durationMs / 1000).toFixed(1)} s)`}`;
}

const WHAT_WAS_CHECKED: Readonly<Record<CheckResult["type"], string>> = {
  expect_file: "expected file",
  verify_command: "verification command",
  second_look: "what had to stay while it ran:",
  output_schema: "output schema",
  contract: "contract",
  review: "review of",
};

/** What Codex ran. Mere looking around is counted, not listed. */
export function commandsSection({ commands, checks }: Pick<AskOutcome, "commands" | "checks">): string {
  const told = commands.filter(({ readOnly, status }) => !readOnly || status === "refused" || status === "unfinished");
  const looked = commands.length - told.length;
  if (commands.length === 0) return "";
  const note = looked === 0 ? [] : [`- ${looked} read(s) and search(es) left out`];
  return [
    "## Commands",
    "",
    ...capped(told, MAX_LISTED, (command) => describeCommand(shownOnce(command, checks))),
    ...note,
  ].join("\n");
}

/** A command without the output that a failed check of ours shows anyway. Times and counts may differ from one run to the next. */
function shownOnce(command: CommandRun, checks: readonly CheckResult[]): CommandRun {
  const plain = (text: string) => text.split("\n").map((line) => line.trim().replace(/\d+(?:\.\d+)?/g, "0"));
  const lines = plain(lastLines(command.outputTail.trim()));
  const shown = checks.some(({ passed, detail }) => {
    const theirs = new Set(plain(detail));
    return !passed && lines.every((line) => theirs.has(line));
  });
  return shown ? { ...command, outputTail: "" } : command;
}

/** A command in a line, with the end of what it printed unless it went well. */
export function describeCommand({ command, exitCode, durationMs, status, outputTail }: CommandRun): string {
  const end =
    status === "refused"
      ? `refused by the sandbox, exit ${exitCode}`
      : status === "declined"
        ? "declined"
        : status === "unfinished"
          ? "still running when it was ended"
          : `exit ${exitCode ?? "none"}`;
  const time = durationMs === null ? "" : `, ${(durationMs / 1000).toFixed(1)} s`;
  const line = `- ${code(command.slice(0, 200))}: ${end}${time}`;
  const tail = status === "completed" ? "" : lastLines(outputTail.trim());
  return tail === "" ? line : `${line}\n${fenced(tail)}`;
}

// A test's verdict or a compiler's last errors; begun with a whole line.
const TAIL = 500;

function lastLines(text: string): string {
  return text.length <= TAIL ? text : text.slice(-TAIL).replace(/^[^\n]*\n/, "");
}

/** What Codex asked to be allowed, and was not. */
export function declinedSection(declined: readonly Declined[]): string {
  if (declined.length === 0) return "";
  const lines = declined.map(({ what, reason }) => `- ${defuse(what)} (${reason})`);
  return ["## Declined requests", "", ...lines].join("\n");
}

/** The first items in a line each, and how many more there are: what is not listed costs nothing. */
export function capped<T>(items: readonly T[], most: number, describe: (item: T) => string): readonly string[] {
  const lines = items.slice(0, most).map(describe);
  return items.length <= most ? lines : [...lines, `- … and ${items.length - most} more`];
}

function headName(branch: string | null, commit: string | null): string {
  return `${branch ?? "(detached)"} ${shortId(commit)}`;
}

function shortId(id: string | null): string {
  return id === null ? "none" : id.slice(0, 10);
}
