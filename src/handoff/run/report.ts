import { renderReport } from "../../ask/report/report.ts";
import { exitCodeOf } from "../../errors.ts";
import { defuse } from "../../text/defuse.ts";
import { code, fenced } from "../../text/markdown.ts";
import type { Validation } from "../facts/facts.ts";
import { type Finding, isViolation } from "../judge/finding.ts";
import type { CommitState, HandoffOutcome, Undone } from "./outcome.ts";

/** The verdict with its evidence, and below it the report of the run, when there was one. */
export function renderHandoffReport(outcome: HandoffOutcome): string {
  const { contract, verdict, status, signal, run, judged, undone, commit, notes } = outcome;
  const { findings, facts, reason } = judged;
  const sections = [
    `# Handoff ${contract.handoff.taskId}: ${verdict}`,
    [`**Exit code: ${exitCodeOf(status, signal)}**`, ...notes.map((note) => defuse(note))].join("\n\n"),
    reason === null ? "" : `The work was not judged: ${defuse(reason)}`,
    findingsSection("Violations", findings.filter(isViolation)),
    undone === null ? "" : undoneSection(undone),
    findingsSection(
      "Failures",
      findings.filter((finding) => !isViolation(finding)),
    ),
    validationSection(facts?.validation ?? []),
    commitSection(commit),
  ].filter((section) => section !== "");
  return `${sections.join("\n\n")}\n${run === null ? "" : `\n---\n\n${renderReport(run)}`}`;
}

// Where the rest stands in result.json.
const MOST = 200;

function findingsSection(title: string, findings: readonly Finding[]): string {
  if (findings.length === 0) return "";
  const told = findings.slice(0, MOST).map(({ rule, path, line, message }) => {
    const place = path === null ? "" : ` ${code(line === null ? path : `${path}:${line}`)}`;
    return `- **${rule}**${place}: ${defuse(message)}`;
  });
  const rest = findings.length > MOST ? [`- … and ${findings.length - MOST} more in result.json`] : [];
  return [`## ${title}`, "", ...told, ...rest].join("\n");
}

function undoneSection(undone: Undone): string {
  if (undone.type === "refused") return `Nothing was put back: ${defuse(undone.reason)}`;
  const { type, paths, left, bringBack } = undone;
  return [
    `${type === "stashed" ? "Moved into the stash" : "Put back as before the run"}: ${paths.map(code).join(", ")}. This brings it back:`,
    fenced(bringBack),
    ...(left.length === 0 ? [] : [`Left as they are, for what they were is not known: ${left.map(code).join(", ")}.`]),
  ].join("\n\n");
}

function validationSection(validation: readonly Validation[]): string {
  if (validation.length === 0) return "";
  const lines = validation.map(({ command, passed, exitCode, durationMs }) => {
    const time = durationMs === null ? "" : ` (${(durationMs / 1000).toFixed(1)} s)`;
    return `- ${passed ? "passed" : `failed, exit ${exitCode ?? "none"}`}: ${code(command)}${time}`;
  });
  const ends = validation.filter(({ passed }) => !passed).map(({ detail }) => fenced(detail));
  return [["## Validation, run by ask_codex", "", ...lines].join("\n"), ...ends].join("\n\n");
}

function commitSection(commit: CommitState): string {
  switch (commit.type) {
    case "made":
      return [
        `## Commit\n\n${code(commit.id)} with ${commit.files.length} file(s). Nothing was pushed.`,
        ...(commit.unjudged.length === 0
          ? []
          : [`A hook added or changed these, which were not judged: ${commit.unjudged.map(code).join(", ")}.`]),
      ].join("\n\n");
    case "skipped":
    case "failed":
      return `## Commit\n\nNot made (${commit.type}):\n\n${fenced(commit.reason)}`;
    case "none":
      return "";
  }
}
