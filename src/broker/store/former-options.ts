import * as z from "zod/mini";
import { storedPlan } from "../../ask/model/plan.ts";

/** The plan of a session as an earlier version stored it: field by field among the other options, its limits in seconds. */
export const formerPlan = z.object({
  ...z.omit(storedPlan, { limits: true }).shape,
  timeoutSeconds: z.number(),
  idleTimeoutSeconds: z.number(),
  retryWindowSeconds: z.number(),
});

export function planOfFormer(former: z.infer<typeof formerPlan>): z.infer<typeof storedPlan> {
  const { timeoutSeconds, idleTimeoutSeconds, retryWindowSeconds } = former;
  const limits = {
    totalMs: timeoutSeconds * 1000,
    idleMs: idleTimeoutSeconds * 1000,
    retryWindowMs: retryWindowSeconds * 1000,
  };
  return storedPlan.parse({ ...former, limits });
}
