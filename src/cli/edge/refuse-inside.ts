import { UsageError } from "../../errors.ts";
import { depthOf } from "../../process/environment.ts";

/**
 * Codex must not hand its work on to another Codex without end.
 * @throws UsageError when this process was started by a run of ours
 */
export function refuseInside(program: string): void {
  if (depthOf(process.env) > 0)
    throw new UsageError(`${program} was called from inside one of its own runs; that would never end.`);
}
