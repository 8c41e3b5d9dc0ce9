import * as z from "zod/mini";

const text = z.optional(z.string("must be a text"));
const texts = z.optional(z.array(z.string(), "must be a list of texts"));
const path = z
  .string("must be a path")
  .check(z.refine((value) => !/^[/~]|(^|\/)\.\.(\/|$)/.test(value), "must be a path below the work tree"));

/** A length of time: seconds, or a text such as 10m. */
export const time = z.optional(z.union([z.string(), z.number()], "must be a time"));

/** The user's own configuration: what no plan and no repository can say. */
export const USER_FORM = z.strictObject(
  {
    ...{ model: text, reasoning: text, role: text, sandbox: text },
    ...{ timeout: time, idle_timeout: time, retry_window: time },
    batch: z.optional(
      z.strictObject(
        {
          /** Ignored files that are copied into every worktree of a batch, `.env` and its kind among them. */
          copy: z.optional(z.array(path, "must be a list of paths")),
        },
        "must be keys and values",
      ),
    ),
    /** What an orchestration may do at the most, beside what its command line says. */
    orchestrate: z.optional(
      z.strictObject({ scope: texts, forbid: texts, validation: texts }, "must be keys and values"),
    ),
    /** What `--on` may name: read by those who use it. */
    machines: z.optional(z.unknown()),
  },
  "must be keys and values",
);

export type UserConfig = z.infer<typeof USER_FORM>;
