import type { Finding } from "../../handoff/judge/finding.ts";
import { isViolation } from "../../handoff/judge/finding.ts";
import type { HandoffOutcome } from "../../handoff/run/outcome.ts";
import { oneLine } from "../../text/defuse.ts";
import type { Pair } from "../output/value-lines.ts";

/** What stdout says of a verdict, beside what it says of every run. */
export function verdictPairs({ contract, verdict, judged, commit, undone }: HandoffOutcome): readonly Pair[] {
  const violations = judged.findings.filter(isViolation).length;
  const runs = judged.facts?.validation ?? [];
  const passed = runs.filter((run) => run.passed).length;
  return [
    ["task_id", contract.handoff.taskId],
    ["verdict", verdict],
    ["violations", judged.facts === null ? null : violations],
    ["failures", judged.facts === null ? null : judged.findings.length - violations],
    ["validation", runs.length === 0 ? null : `${passed}/${runs.length}`],
    ["commit", commit.type === "made" ? commit.id : commit.type],
    ["undone", undone === null ? null : undone.type],
    ["bring_back", undone === null || undone.type === "refused" ? null : undone.bringBack],
  ];
}

/** What stderr says of it: the worst first. */
export function verdictLines({ judged, undone, notes }: HandoffOutcome): readonly string[] {
  const { findings } = judged;
  return [
    ...findings.filter(isViolation).map((finding) => `[VIOLATION] ${told(finding)}`),
    ...(undone?.type === "refused" ? [`[WARNING] Nothing was put back: ${oneLine(undone.reason, 300)}`] : []),
    ...leftLines(undone),
    ...findings.filter((finding) => !isViolation(finding)).map((finding) => `[FAILURE] ${told(finding)}`),
    ...notes.map((note) => `[codex] ${oneLine(note, 400)}`),
  ];
}

/** What was put back in part only must not read like a whole. */
function leftLines(undone: HandoffOutcome["undone"]): readonly string[] {
  if (undone === null || undone.type === "refused" || undone.left.length === 0) return [];
  return [`[WARNING] Left as they are: ${oneLine(undone.left.join(", "), 300)}`];
}

/** The message names the file. */
function told({ rule, message }: Finding): string {
  return oneLine(`${rule}: ${message}`, 400);
}
