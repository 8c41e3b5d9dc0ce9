import type { CheckResult } from "../../ask/model/checks.ts";
import type { ListedChanges } from "../../ask/model/evidence.ts";
import type { FinalReviewer, Review, ReviewedWork } from "../../ask/model/reviewer.ts";
import { messageOf } from "../../errors.ts";
import { defuse } from "../../text/defuse.ts";
import { placeWords } from "../finding/place-words.ts";
import type { TargetRequest } from "../target/target.ts";
import type { JudgedFinding } from "../verdict/verdict.ts";
import type { ReviewOutcome } from "./outcome.ts";

export interface RoundsOptions {
  /** How often findings may go back. */
  readonly rounds: number;
  /** The private folder that the trees of the run's changes are in. */
  readonly objects: string;
  /** Reviews this change from a fresh thread. */
  readonly review: (target: TargetRequest, changes: ListedChanges) => Promise<ReviewOutcome>;
}

/**
 * Reviews what a run has changed once its checks hold, and sends blocking findings back to the thread that made them. It stops where
 * another round would not help: no blocking finding is new, one comes back a second time, or nothing has changed.
 */
export function roundsReviewer({ rounds, objects, review }: RoundsOptions): FinalReviewer {
  const reported = new Map<string, number>();
  let last: { readonly tree: string; readonly open: readonly JudgedFinding[] } | null = null;

  return {
    rounds,
    async review({ changes }: ReviewedWork, { mayRepair }) {
      if (changes.type !== "listed")
        return ended(
          false,
          `the changes are not known (${changes.type === "unknown" ? changes.reason : changes.type}): nothing was reviewed`,
        );
      const { before, after } = changes.trees;
      if (last?.tree === after) return stopped("nothing changed since the last review", last.open);
      if (changes.files.length === 0) return ended(true, "nothing was changed");
      const target = { type: "trees" as const, name: "what this run changed", before, after, folder: objects };
      let outcome: ReviewOutcome;
      try {
        outcome = await review(target, changes);
      } catch (error) {
        return ended(false, `it could not be reviewed: ${messageOf(error)}`);
      }
      const { verdict, blocking, error, cutShort, reviewId } = outcome;
      // Code beside the change is not this run's to repair.
      const open = blocking.filter(({ inChange }) => inChange);
      const beside = blocking.length - open.length;
      const read = `review ${reviewId}${beside === 0 ? "" : `; ${beside} outside of the change: read them there`}`;
      const known = open.filter(({ id }) => reported.has(id));
      for (const { id } of open) reported.set(id, (reported.get(id) ?? 0) + 1);
      last = { tree: after, open };
      if (open.length === 0) {
        const whole = verdict === "clean" || verdict === "findings" || verdict === "nothing";
        return ended(
          whole,
          whole ? `nothing blocking (${read})` : `${verdict}: ${error?.message ?? cutShort} (${read})`,
        );
      }
      if (known.length === open.length) return stopped(`no blocking finding is new (${read})`, open);
      if (open.some(({ id }) => (reported.get(id) ?? 0) > 2))
        return stopped(`a finding came back twice (${read})`, open);
      if (!mayRepair) return stopped(`the rounds are used up (${read})`, open);
      return { ...ended(false, `${counted(open)} (${read})`), repair: repairPrompt(open) };
    },
  };
}

function ended(passed: boolean, detail: string): Review {
  const check: CheckResult = {
    ...{ type: "review", subject: "the changes of this run", passed, detail: defuse(detail) },
    ...{ exitCode: null, durationMs: null },
  };
  return { checks: [check], repair: null };
}

function stopped(why: string, open: readonly JudgedFinding[]): Review {
  if (open.length === 0) return ended(true, why);
  return ended(false, [`stopped with ${counted(open)}: ${why}`, ...open.map(describe)].join("\n"));
}

function counted({ length }: readonly JudgedFinding[]): string {
  return length === 1 ? "1 blocking finding" : `${length} blocking findings`;
}

function describe({ severity, path, anchor, title }: JudgedFinding): string {
  return `- ${severity} ${placeWords(path, anchor)}: ${title}`;
}

function repairPrompt(open: readonly JudgedFinding[]): string {
  const findings = open.map((finding, at) => {
    const { code, scenario, suggestion } = finding;
    const change = suggestion === null ? [] : ["A change that was suggested:", "<<<", suggestion, ">>>"];
    return [`${at + 1}. ${describe(finding).slice(2)}`, "<<<", code, ">>>", scenario, ...change].join("\n");
  });
  return [
    "Another reviewer has read your changes and reports these faults. Check each of them, repair what is right, and nothing else.",
    "Where one is wrong, leave the code as it is, and say which and why in the final message.",
    ...findings,
  ].join("\n\n");
}
