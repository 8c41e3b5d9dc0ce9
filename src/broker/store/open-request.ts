import * as z from "zod/mini";

const text = z.string();

/** A question or an approval that Codex waits for. */
export const openRequest = z.object({
  request_id: text,
  type: z.enum(["question", "approval"]),
  questions: z.array(
    z.object({
      id: text,
      header: text,
      question: text,
      options: z.array(z.object({ label: text, description: text })),
    }),
  ),
  /** What should be approved. */
  what: text,
  reason: text,
});
export type OpenRequestFields = z.infer<typeof openRequest>;
