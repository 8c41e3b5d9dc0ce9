import * as z from "zod/mini";
import { SANDBOX_MODES } from "../codex/settings.ts";

const names = z.array(z.string());

/** What a message changes for its own turn. */
export const messageOptions = z.object({
  model: z.nullable(z.string()),
  effort: z.nullable(z.string()),
  sandboxMode: z.nullable(z.enum(SANDBOX_MODES)),
  images: names,
  files: names,
});

export type MessageOptions = z.infer<typeof messageOptions>;
