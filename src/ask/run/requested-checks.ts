import { resolve } from "node:path";
import { runPaths } from "../../files/state-paths.ts";
import { ledgerPath } from "../../ledger/ledger.ts";
import { describeFailure, runChecks } from "../model/checks.ts";
import type { AskContext } from "../model/context.ts";
import type { Evidence } from "../model/evidence.ts";
import type { AskPlan } from "../model/plan.ts";
import type { Reviewer } from "../model/reviewer.ts";
import { recordPath } from "../model/thread-record.ts";
import { checkAnswer } from "../prompt/answer-schema.ts";
import { repairPrompt } from "../prompt/frame.ts";
import { beginWatch, secondLook } from "./second-look.ts";

/** The plan's own checks, and a second look after the command among them. What failed goes back to Codex. */
export function requestedChecks(
  plan: AskPlan,
  { progress, state, home, runId, elsewhere }: AskContext,
  evidence: Evidence,
): Pick<Reviewer, "review"> {
  return {
    async review({ answer, threadId, workspace, codex, env, folder, round, signal }) {
      const command = plan.checks.verifyCommand;
      if (command !== null) progress.checking(command);
      const shape = plan.outputSchema === undefined ? [] : [await checkAnswer(answer, plan.outputSchema)];
      const requested = {
        ...plan.checks,
        expectFiles: plan.checks.expectFiles.map((path) => resolve(workspace, path)),
      };
      const records = [runPaths(home, runId).events, ledgerPath(state), recordPath(state, threadId)];
      const watch = command === null ? null : await beginWatch({ workspace, records, signal });
      const sandbox = plan.checks.sandboxed ? codex : null;
      const checks = [
        ...shape,
        ...(await runChecks(requested, {
          ...{ workspace, sandbox, env, folder, round, signal },
          elsewhere: elsewhere ?? null,
        })),
      ];
      const failures = checks.filter(({ passed }) => !passed);
      const look = command === null || watch === null ? null : await secondLook(command, watch, evidence, signal);
      // What must not have happened is for the user to see, not for Codex to fix.
      const isBroken = look !== null && !look.passed;
      const repair = failures.length === 0 || isBroken ? null : repairPrompt(failures.map(describeFailure));
      return { checks: look === null ? checks : [...checks, look], repair };
    },
  };
}
