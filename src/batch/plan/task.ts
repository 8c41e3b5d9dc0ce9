import * as z from "zod/mini";

const texts = z.readonly(z.array(z.string()));
const text = z.nullable(z.string());

/** A task as a batch carries it out: the plan's, with what is known of its document. It is kept in the batch's journal. */
export const batchTask = z.object({
  id: z.string(),
  /** The prompt; null: the document's. */
  prompt: text,
  /** The document, as a full path, and a hash of what it said when the batch began. */
  handoff: z.nullable(z.object({ path: z.string(), hash: z.string() })),
  after: texts,
  /** What it may write; null: anything. */
  files: z.nullable(texts),
  /** False: it only reads. */
  writes: z.boolean(),
  read: texts,
  sandbox: z.nullable(z.enum(["read-only", "workspace-write"])),
  role: text,
  model: text,
  reasoning: text,
  verifyCommand: text,
  verifyRounds: z.nullable(z.number()),
  expectFiles: texts,
  /** In seconds; null: as the command line says. */
  timeout: z.nullable(z.number()),
  idleTimeout: z.nullable(z.number()),
});

export type BatchTask = z.infer<typeof batchTask>;
