import type { AskPlan, PlanTarget } from "../../ask/model/plan.ts";
import { readThreadRecord } from "../../ask/model/thread-record.ts";
import { pathPattern } from "../../handoff/patterns/patterns.ts";
import type { Job } from "./place.ts";

/** The plan of a job, from the task's plan that was made before the batch began. */
export async function planOfJob(
  planned: AskPlan,
  { continues }: Job,
  place: { readonly workspace: string; readonly state: string },
): Promise<AskPlan> {
  const target: PlanTarget =
    continues === null
      ? { type: "new" }
      : {
          type: "resume",
          threadId: continues.sessionId,
          record: await readThreadRecord(place.state, continues.sessionId),
        };
  return { ...planned, prompt: continues?.prompt ?? planned.prompt, target, workspace: place.workspace };
}

/** The changed files that none of the patterns names; with no patterns, none. */
export function outsideOf(
  files: readonly { readonly path: string; readonly from?: string }[],
  scope: readonly string[] | null,
): readonly string[] {
  if (scope === null) return [];
  const patterns = scope.map(pathPattern);
  const paths = files.flatMap(({ path, from }) => (from === undefined ? [path] : [from, path]));
  return paths.filter((path) => !patterns.some(({ matches }) => matches(path)));
}
