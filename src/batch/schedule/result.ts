import * as z from "zod/mini";
import { SAFE_ID } from "../../files/state-paths.ts";

const text = z.string();
const nullable = z.nullable(text);
const texts = z.readonly(z.array(text));

/** What one try of a task came to, wherever it ran. It is kept in the batch's journal. */
export const taskResult = z.object({
  /** A status of a run; `completed` with nothing outside and nothing missing is clean. */
  status: text,
  error_kind: nullable,
  message: nullable,
  run_id: text.check(z.regex(SAFE_ID)),
  session_id: nullable,
  /** The run's report. */
  output_path: nullable,
  /** Of a handoff. */
  verdict: nullable,
  tokens: z.nullable(z.number()),
  elapsed_ms: z.number(),
  /** The commit that the work began from. */
  base: text,
  /** All that changed, as a patch on the base; null: nothing changed, or the work is in the user's own tree. */
  patch: nullable,
  /** How many files changed; null: a machine was lost, or the look failed. */
  files: z.nullable(z.number()),
  /** Changed files that the task was not to write. */
  outside: texts,
  /** Changed, and not in the patch: untracked repositories, unreadable files. */
  missing: texts,
  /** It could not be found out what changed: the worktree was kept. */
  stranded: z.optional(z.boolean()),
});

export type TaskResult = z.infer<typeof taskResult>;

/** Nothing stands against it. */
export function isClean({ status, outside, missing }: TaskResult): boolean {
  return status === "completed" && outside.length === 0 && missing.length === 0;
}
