import { isViolation } from "../../handoff/judge/finding.ts";
import type { Judged } from "../../handoff/run/outcome.ts";
import type { TaskKind } from "../request/kind.ts";
import type { Execution } from "./execution.ts";
import type { DelegationVerdict } from "./outcome.ts";

export interface Evidence {
  readonly kind: TaskKind;
  readonly execution: Execution;
  readonly judged: Judged;
  /** We were asked to end it. */
  readonly interrupted: boolean;
}

/** What a delegation is in the end. The evidence decides; what the executor says only where the evidence has nothing against it. */
export function verdictOf({ kind, execution, judged, interrupted }: Evidence): DelegationVerdict {
  const { error, said, notes, denials } = execution;
  if (judged.findings.some(isViolation)) return "violated";
  if (interrupted) return "interrupted";
  if (error !== null) return "executor_failed";
  if (judged.facts === null) return "failed";
  if (kind === "run") return judged.findings.length > 0 ? "failed" : "completed";
  if (said?.word === "BLOCKED") return "blocked";
  if (denials.length > 0 && said?.word !== "PARTIAL" && isShort(kind, judged)) return "denied";
  if (said === null) return "no_report";
  if (judged.findings.length > 0) return "failed";
  if (said.word === "PARTIAL") return "partial";
  if (denials.length > 0) return "denied";
  if (kind === "change" && judged.facts.idle) return "no_change";
  if (kind === "look" && notes.trim() === "") return "no_report";
  return "completed";
}

/** The denial explains why the work is not there, or does not hold. */
function isShort(kind: TaskKind, { facts, findings }: Judged): boolean {
  return findings.length > 0 || (kind === "change" && facts?.idle === true);
}
