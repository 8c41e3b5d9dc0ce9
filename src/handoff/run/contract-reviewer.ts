import type { CheckResult } from "../../ask/model/checks.ts";
import type { ListedChanges } from "../../ask/model/evidence.ts";
import type { AskOutcome } from "../../ask/model/outcome.ts";
import type { ReviewedWork, Reviewer, RunUnderReview } from "../../ask/model/reviewer.ts";
import type { Deed } from "../../claude/fold-run.ts";
import { compareSnapshots } from "../../workspace/snapshot/compare.ts";
import { takeSnapshot } from "../../workspace/snapshot/snapshot.ts";
import type { KnownDeeds } from "../../workspace/watch/attribution.ts";
import type { Contract } from "../document/handoff.ts";
import type { Validation } from "../facts/facts.ts";
import { type Baseline, beginFacts, type FactsOptions, gatherFacts } from "../facts/gather-facts.ts";
import { type Finding, isViolation } from "../judge/finding.ts";
import { judge } from "../judge/judge.ts";
import { lastWord } from "./last-word.ts";
import type { Judged } from "./outcome.ts";
import { CLOSE_WITH_A_WORD, repairMessage } from "./repair-message.ts";

export interface ContractReviewer extends Reviewer {
  /** The last word on a run: the look after its last turn, or, where that turn had no answer, one more without validation. */
  judged(run: AskOutcome): Promise<Judged>;
}

export interface ReviewOptions extends Omit<FactsOptions, "signal" | "records"> {
  /** What the run and its thread have in the state folder, by full path. */
  readonly recordsOf: (threadId: string) => readonly string[];
  /** What Codex did to files so far, or may have done; null: that is not known. */
  readonly deeds: () => KnownDeeds | null;
  /** Told before each validation command. */
  readonly checking: (command: string) => void;
}

/** Holds the work after each turn against the contract. */
export function contractReviewer(
  contract: Contract,
  { checking, recordsOf, deeds, ...at }: ReviewOptions,
): ContractReviewer {
  let begun: { readonly place: RunUnderReview; readonly baseline: Baseline } | null = null;
  const known = new Map<string, boolean>();
  /** Our own looks: what their commands wrote is not someone else's. */
  const looks: Deed[] = [];
  const withLooks = ({ deeds: all, since }: KnownDeeds) => ({ since, deeds: [...all, ...looks] });
  let last: { readonly judged: Judged; readonly round: number } | null = null;

  async function look(held: Contract, work: ReviewedWork): Promise<Judged> {
    const said = lastWord(work.answer);
    const reason = whyNot(work.changes.type);
    if (begun === null || reason !== null) return { ...NOT_JUDGED, said, reason: reason ?? NOT_BEGUN };
    const place = { ...at, records: recordsOf(work.threadId), signal: work.signal };
    const changes = work.changes.type === "listed" ? work.changes : await noChanges(place);
    const { env, folder, round } = work;
    const sandbox = held.guardrails.sandboxChecks ? work.codex : null;
    const codexs = deeds();
    const from = Date.now();
    const run = { changes, env, sandbox, folder, round, checking, known, deeds: codexs && withLooks(codexs) };
    const gathered = await gatherFacts(held, place, begun.baseline, run);
    const baseline = await gathered.next();
    looks.push({ file: null, from, until: Date.now() });
    const { facts: seen, ignoredTrees, standing } = gathered;
    // Who asked for a run that cannot write expects no change.
    const facts = { ...seen, idle: seen.idle && work.changes.type !== "read_only" };
    if (baseline !== null) begun = { ...begun, baseline };
    return { ...NOT_JUDGED, facts, said, ignoredTrees, standing, findings: judge(held, facts) };
  }

  return {
    async begin(place) {
      begun = { place, baseline: await beginFacts(contract, { ...at, records: [], signal: place.signal }) };
    },
    async review(work) {
      const judged = await look(contract, work);
      last = { judged, round: work.round };
      const repairs = judged.findings.some(isViolation) || judged.said?.word === "BLOCKED" ? [] : judged.findings;
      return { checks: checksOf(judged), repair: repairOf(judged, repairs) };
    },
    async judged(run) {
      if (last !== null && last.round === run.rounds)
        return run.signal === null ? last.judged : onlyBroken(last.judged);
      if (run.signal !== null || begun === null)
        return { ...NOT_JUDGED, reason: begun === null ? NOT_BEGUN : CANCELLED };
      // Whether half of the work holds does not matter, but what must not be there is reported all the same.
      const unvalidated = { ...contract, handoff: { ...contract.handoff, validation: [] } };
      const { answer, changes, rounds: round, sessionId: threadId } = run;
      const judged = await look(unvalidated, { ...begun.place, answer, changes, round, threadId: threadId ?? "" });
      return onlyBroken(judged);
    },
  };
}

function repairOf({ facts, findings, said }: Judged, repairs: readonly Finding[]): string | null {
  if (facts === null) return null;
  if (repairs.length > 0) return repairMessage(repairs, facts);
  return said === null && findings.length === 0 ? CLOSE_WITH_A_WORD : null;
}

function onlyBroken(judged: Judged): Judged {
  return { ...judged, findings: judged.findings.filter(isViolation) };
}

/** A look that did not take place; the reason must be added. */
export const NOT_JUDGED: Judged = {
  facts: null,
  reason: null,
  findings: [],
  said: null,
  ignoredTrees: null,
  standing: null,
  formerRun: null,
};
const NOT_BEGUN = "Codex did not get to work";
export const CANCELLED = "the run was cancelled";

/** Why there is nothing to hold against the contract; null: there is. */
function whyNot(changes: "listed" | "read_only" | "no_git" | "unknown"): string | null {
  if (changes === "listed" || changes === "read_only") return null;
  return changes === "no_git" ? "there is no git work tree" : "the work tree could not be read";
}

/** No snapshot is taken of a read-only run: what it changed is nothing. */
async function noChanges({ tree, snapshots, signal }: FactsOptions): Promise<ListedChanges> {
  const now = await takeSnapshot(tree, snapshots, signal);
  const changes = await compareSnapshots({ tree, folder: snapshots }, now, now, signal);
  return { type: "listed", root: tree.root, alsoRunning: [], trees: { before: now.tree, after: now.tree }, ...changes };
}

/** The findings and the commands, as checks of the run. */
function checksOf({ facts, findings, reason }: Judged): readonly CheckResult[] {
  const contract = findings.filter(({ rule }) => rule !== "validation").map(contractCheck);
  const unlooked = reason === null ? [] : [check("contract", "the work tree", reason)];
  const held =
    contract.length + unlooked.length === 0 ? [{ ...check("contract", "scope and guardrails", ""), passed: true }] : [];
  return [...unlooked, ...contract, ...held, ...(facts?.validation ?? []).map(commandCheck)];
}

function contractCheck({ rule, path, line, message }: Finding): CheckResult {
  const place = path === null ? "" : ` ${path}${line === null ? "" : `:${line}`}`;
  return check("contract", `${rule}${place}`, message);
}

function check(type: CheckResult["type"], subject: string, detail: string): CheckResult {
  return { type, subject, passed: false, exitCode: null, durationMs: null, detail };
}

function commandCheck({ command, ...run }: Validation): CheckResult {
  return { ...run, type: "verify_command", subject: command };
}
