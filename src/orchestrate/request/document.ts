import type { Policy } from "../../handoff/contract/policy.ts";
import { type Bounds, mostFiles } from "./bounds.ts";
import { kindOf } from "./kind.ts";
import type { DelegationRequest } from "./schema.ts";

/** A request as the JSON of a handoff document, with the limit of files. */
export function documentOf(request: DelegationRequest, bounds: Bounds, { guardrails }: Policy): string {
  const { executor: _who, scope, read = [], ...fields } = request;
  const kind = kindOf(request.type);
  const maxFiles = Math.min(mostFiles(request, bounds), guardrails.maxFiles ?? Number.POSITIVE_INFINITY);
  const limits = { guardrails: { max_files: maxFiles } };
  // Files that a task must not change are files for it to read.
  const places =
    kind === "change"
      ? { scope, read, ...limits }
      : { scope: { forbid: scope?.forbid }, read: [...read, ...(scope?.files ?? [])] };
  return `${JSON.stringify({ ...fields, ...places }, null, 2)}\n`;
}
