import type { Contract } from "../document/handoff.ts";
import type { Facts } from "../facts/facts.ts";
import { judgeAmounts } from "./amounts.ts";
import { judgeContents } from "./contents.ts";
import { judgeDelivery } from "./delivery.ts";
import { judgeDisturbances, judgeFormerTests } from "./disturbances.ts";
import type { Finding } from "./finding.ts";
import { judgeScope } from "./scope.ts";
import { judgeRunners } from "./validation-changed.ts";

/**
 * Holds what was found in the work tree against the contract. Violations come before failures, each kind of finding in its own place,
 * so that the same work gets the same findings.
 */
export function judge(contract: Contract, facts: Facts): readonly Finding[] {
  const scope = judgeScope(contract, facts);
  return [
    ...scope,
    ...judgeRunners(facts, scope),
    ...judgeSeals(facts),
    ...judgeDisturbances(contract, facts),
    ...judgeContents(contract, facts),
    ...judgeAmounts(contract, facts),
    ...judgeDelivery(contract, facts),
    ...judgeFormerTests(facts),
  ];
}

/** What only we may change, or no process at all. */
function judgeSeals({ sealChanged, headMoved, refsMoved }: Facts): Finding[] {
  const broken = sealChanged.map((name) => {
    const message = `${name} is sealed during a run (the document, the policy, roles, git's hooks, configuration and ignore rules) and was changed; it had to stay as it was.`;
    return { rule: "sealed", path: name, line: null, message } as const;
  });
  const refs = { rule: "refs", path: null, line: null } as const;
  const head =
    headMoved === null
      ? []
      : [{ ...refs, message: `HEAD moved from ${headMoved}; commits are made by ask_codex, after a clean verdict.` }];
  const moved = refsMoved.map(({ ref, from, to }) => {
    const what = from === null ? "was created" : to === null ? "was deleted" : "was moved";
    return { ...refs, message: `The ref ${ref} ${what}; a run must leave all refs as they are.` };
  });
  return [...broken, ...head, ...moved];
}
