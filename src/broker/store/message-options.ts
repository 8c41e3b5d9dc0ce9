import * as z from "zod/mini";
import { SANDBOX_MODES } from "../../codex/settings.ts";

const names = z.array(z.string());

/** What a message changes for its own turn. */
export const messageOptions = z.object({
  model: z.nullable(z.string()),
  effort: z.nullable(z.string()),
  sandboxMode: z.nullable(z.enum(SANDBOX_MODES)),
  /** The network and folders that workspace-write gets for this message alone, by the flags of the command that sent it. */
  network: z._default(z.boolean(), false),
  addDirs: z._default(names, []),
  /** What Codex learns of a role; its sandbox and effort are in the other options. */
  role: z._default(z.nullable(z.object({ name: z.string(), frame: z.string() })), null),
  images: names,
  files: names,
});

export type MessageOptions = z.infer<typeof messageOptions>;

/** Whether a message sets anything for a turn of its own. */
export function isPlain(options: MessageOptions): boolean {
  return Object.values(options).every(
    (value) => value === null || value === false || (Array.isArray(value) && value.length === 0),
  );
}
