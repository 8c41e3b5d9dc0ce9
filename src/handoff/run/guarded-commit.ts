import type { PrivateWork } from "../../workspace/git/private-git.ts";
import { readSettings } from "../../workspace/git/read-settings.ts";
import { recordsAt } from "../../workspace/watch/records.ts";
import type { Contract } from "../document/handoff.ts";
import type { Disturbance } from "../facts/facts.ts";
import type { FactsOptions } from "../facts/gather-facts.ts";
import { forbiddenFilter } from "../facts/ignored-filter.ts";
import { lookAgain, type SecondLook, type Standing } from "../facts/second-look.ts";
import { disturbanceFindings } from "../judge/disturbances.ts";
import type { Finding } from "../judge/finding.ts";
import type { CommitState } from "./outcome.ts";

export interface Guarded {
  readonly commit: CommitState;
  /** What was changed around it. */
  readonly findings: readonly Finding[];
}

/**
 * Makes the commit where everything is still as it was when the work was judged, git's hooks above all, and looks once more when the
 * hooks have run: they may start what the work has written. The findings are what was changed.
 */
export async function guardedCommit(
  contract: Contract,
  place: FactsOptions,
  judged: Standing,
  commit: () => Promise<CommitState>,
): Promise<Guarded> {
  // A cancelled run takes no more looks; git says by itself why there is no commit.
  const unlessEnded = (error: unknown) => {
    if (!place.signal.aborted) throw error;
    return null;
  };
  const look = await secondLook(contract, place).catch(unlessEnded);
  if (look === null) return { commit: await commit(), findings: [] };
  // The run has noted its own end meanwhile.
  const since = { ...judged, records: recordsAt(place.records) };
  const before = await lookAgain(look, since, "after the last command").catch(unlessEnded);
  if (before === null) return { commit: await commit(), findings: [] };
  const findings = before.disturbance === null ? [] : disturbanceFindings(contract, before.disturbance);
  if (findings.length > 0) return { commit: { type: "none" }, findings };
  const made = await commit();
  const after = await lookAgain(look, before.now, "the hooks of the commit").catch(unlessEnded);
  if (after === null || after.disturbance === null) return { commit: made, findings };
  return { commit: made, findings: disturbanceFindings(contract, beside(after.disturbance, made)) };
}

async function secondLook(contract: Contract, { tree, snapshots, document, records, signal }: FactsOptions) {
  const { filters } = await readSettings(tree, signal);
  const work: PrivateWork = { tree, folder: snapshots, filters, signal };
  return { work, filter: forbiddenFilter(contract), sealed: [document, contract.policy], records } satisfies SecondLook;
}

/** The commit itself moves HEAD and its branch. */
function beside({ headMoved, refsMoved, ...rest }: Disturbance, { type }: CommitState): Disturbance {
  if (type !== "made" || headMoved === null || headMoved.fromBranch !== headMoved.toBranch)
    return { ...rest, headMoved, refsMoved };
  const own = `refs/heads/${headMoved.toBranch}`;
  return { ...rest, headMoved: null, refsMoved: refsMoved.filter(({ ref }) => ref !== own) };
}
