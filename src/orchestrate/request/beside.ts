import { commonPath } from "../../handoff/patterns/meet.ts";
import { pathPattern } from "../../handoff/patterns/patterns.ts";
import { kindOf } from "./kind.ts";
import type { DelegationRequest, Refusal } from "./schema.ts";

/** Why a request cannot be worked on at the same time as those before it in its call; null: it can. */
export function besideFault(request: DelegationRequest, earlier: readonly DelegationRequest[]): Refusal | null {
  const { task_id, commit } = request;
  if (earlier.some((other) => other.task_id === task_id))
    return { what: `The call names ${task_id} twice.`, change: "Name each task once in a call." };
  if (commit !== undefined)
    return {
      what: "A request with `commit` is worked on alone: tasks of one call work in worktrees, beside the branch.",
      change: "Delegate it in a call of its own, or leave commit out.",
    };
  for (const other of earlier) {
    const where = meetingOf(request, other);
    if (where !== null)
      return {
        what: `${where} is in the scope of ${other.task_id} as well, and both would be worked on at the same time.`,
        change: `Give each a scope of its own (files, or lines of one file), or delegate ${task_id} in a later call.`,
      };
  }
  return null;
}

/** A path that both may change. */
function meetingOf(one: DelegationRequest, other: DelegationRequest): string | null {
  for (const pattern of writtenBy(one)) {
    for (const against of writtenBy(other)) {
      const path = commonPath(pattern, against);
      if (path !== null) return path;
    }
  }
  return null;
}

function writtenBy({ type, scope, expect_files = [] }: DelegationRequest) {
  if (kindOf(type) !== "change") return [];
  const { files = [], lines } = scope ?? {};
  const ranged = lines === undefined ? files : files.map((file) => `${file}:${lines.join("-")}`);
  return [...ranged, ...expect_files].map((text) => pathPattern(text.trim()));
}
