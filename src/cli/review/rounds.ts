import type { AskContext } from "../../ask/model/context.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import type { FinalReviewer } from "../../ask/model/reviewer.ts";
import { countRun } from "../../ask/report/ledger-entry.ts";
import { ownCodex } from "../../ask/session/own-codex.ts";
import { AskCodexError } from "../../errors.ts";
import { newId, runPaths } from "../../files/state-paths.ts";
import { ownHolder } from "../../process/own-holder.ts";
import type { ReviewRequest } from "../../review/run/request.ts";
import { roundsReviewer } from "../../review/run/rounds.ts";
import { runReview } from "../../review/run/story.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import type { ProgressLines } from "../output/progress-lines.ts";
import { writeReview } from "./write-review.ts";

export interface Rounds {
  /** How often findings may go back; 0: nothing is reviewed. */
  readonly rounds: number;
  /** How Codex works; the reviews work likewise, each in a thread of its own. */
  readonly plan: AskPlan;
  /** What the work is compared with. */
  readonly documents: ReviewRequest["documents"];
  readonly progress: ProgressLines;
}

/** The reviews of a run's own changes, by fresh threads; null: none were asked for. */
export function reviewRounds({ rounds, plan, documents, progress }: Rounds, context: AskContext): FinalReviewer | null {
  if (rounds === 0) return null;
  const { state, home, runId, snapshots, signal } = context;
  const turnContext = async () => {
    const id = newId();
    return { ...context, runId: id, owner: await ownHolder(id), codex: ownCodex(), snapshots: null };
  };
  const say = (line: string) => progress.line(`[codex] ${line}`);
  return roundsReviewer({
    rounds,
    objects: snapshots ?? runPaths(home, runId).snapshot,
    async review(target, { root }) {
      const tree = await findWorkTree(root);
      if (tree === undefined) throw new AskCodexError("internal", `there is no git work tree in ${root}`);
      const request = { ...USUAL, target, tree, documents, plan: { ...plan, ...ALONE } };
      const reviewId = newId();
      const outcome = await runReview(request, { state, reviewId, signal, turnContext, say });
      await writeReview(outcome, state);
      for (const { run } of outcome.turns)
        await countRun(state, run, { kind: "review", workspace: root, project: root });
      return outcome;
    },
  });
}

/** A review reads in threads of its own, and its report lies in its own folder. */
const ALONE = {
  ...{ files: [], images: [], name: null, role: null, outputPath: null, eventsPath: null, approvals: "never" as const },
  target: { type: "new" },
} as const;

const USUAL = {
  focus: null,
  adversarial: false,
  budget: { panel: 1, refute: true, prove: false, maxTurns: 30 },
  maxTokens: null,
  failOn: "major",
  others: [],
  minSeverity: null,
  since: null,
} as const;
