import * as z from "zod/mini";
import { time } from "./user-form.ts";

/** What a project's file may say: nothing but what narrows. */
export const PROJECT_FORM = z.strictObject(
  {
    sandbox: z.optional(z.literal("read-only", "cannot be set there to anything but read-only")),
    ...{ timeout: time, idle_timeout: time },
  },
  "must be keys and values",
);

export type ProjectConfig = z.infer<typeof PROJECT_FORM>;
