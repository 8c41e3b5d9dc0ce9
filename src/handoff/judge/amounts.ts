import type { Contract } from "../document/handoff.ts";
import type { Facts } from "../facts/facts.ts";
import type { Finding } from "./finding.ts";
import { workOf } from "./own-files.ts";

/** More was changed than the guardrails allow. The changes document does not count. */
export function judgeAmounts(contract: Contract, facts: Facts): Finding[] {
  const { maxFiles, maxLines } = contract.guardrails;
  const { changesDoc } = contract.handoff;
  const files = workOf(contract, facts).filter(({ path, ignored }) => !ignored && path !== changesDoc);
  const lines = files.reduce((sum, { added, removed }) => sum + (added ?? 0) + (removed ?? 0), 0);
  const common = { path: null, line: null } as const;
  const findings: Finding[] = [];
  if (files.length > maxFiles) {
    const names = files.slice(0, MOST_NAMED).map(({ path }) => path);
    const rest = files.length > MOST_NAMED ? ", …" : "";
    const message = `${files.length} files were changed (${names.join(", ")}${rest}); guardrails.max_files allows ${maxFiles}.`;
    findings.push({ ...common, rule: "max_files", message });
  }
  if (maxLines !== null && lines > maxLines) {
    const message = `${lines} lines were added and removed; guardrails.max_lines allows ${maxLines}.`;
    findings.push({ ...common, rule: "max_lines", message });
  }
  return findings;
}

const MOST_NAMED = 20;
