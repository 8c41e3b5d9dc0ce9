import * as z from "zod/mini";

/** A text that says something. */
const said = z.string().check(z.regex(/\S/, "is empty"));

const path = said.check(
  z.refine((text) => !/^[/~]|(^|\/)\.\.(\/|$)/.test(text), "is not below the root of the work tree"),
  z.refine((text) => !text.includes("\0"), "holds a NUL, which no path can"),
);

const count = z.int().check(z.minimum(0));
const seconds = z.int().check(z.minimum(1));

const id = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
      "is not made of letters, digits, dots, dashes and underscores, 64 at most",
    ),
  );

const fields = {
  id: id.check(z.describe("What the task is called: in after, on stdout, in the report.")),
  prompt: z.optional(said.check(z.describe("The task, in words for Codex. Either this or handoff."))),
  handoff: z.optional(
    path.check(z.describe("A handoff document: its contract judges the work. Either this or prompt.")),
  ),
  after: z.optional(z.array(id).check(z.describe("The tasks whose results this one begins with."))),
  files: z.optional(
    z
      .array(path)
      .check(z.describe("The files that it may write: src/a.ts, src/a/ (all below it), src/**/*.css. Left out: any.")),
  ),
  read: z.optional(z.array(path).check(z.describe("Files that Codex reads first."))),
  sandbox: z.optional(z.enum(["read-only", "workspace-write"]).check(z.describe("What Codex may do in its worktree."))),
  role: z.optional(said.check(z.describe("scout, writer, reviewer, debugger, architect, or a role of the project."))),
  model: z.optional(said),
  reasoning: z.optional(said),
  verify_cmd: z.optional(
    said.check(z.describe("A command that must succeed afterwards; ask_codex runs it in the worktree.")),
  ),
  verify_rounds: z.optional(
    z.int().check(z.minimum(0), z.maximum(3), z.describe("How often a failure goes back to Codex.")),
  ),
  expect_files: z.optional(z.array(path).check(z.describe("Files that must exist afterwards."))),
  timeout: z.optional(seconds.check(z.describe("Total limit of a turn, in seconds; at most what --timeout says."))),
  idle_timeout: z.optional(
    seconds.check(z.describe("Limit without progress, in seconds; at most what --idle-timeout says.")),
  ),
};

const taskSchema = z.strictObject(fields);

/** A plan for `ask_codex batch`. Beside the tasks it can only narrow what the command line says. */
export const planSchema = z
  .strictObject({
    tasks: z.array(taskSchema).check(z.minLength(1), z.maxLength(1000)),
    parallel: z.optional(
      z
        .int()
        .check(
          z.minimum(1),
          z.describe("How many tasks at once, at most; the lower one of this and --parallel counts."),
        ),
    ),
    max_tokens: z.optional(
      count.check(
        z.describe("No task begins once as many tokens were used; the lower one of this and --max-tokens counts."),
      ),
    ),
    fail_fast: z.optional(z.boolean().check(z.describe("true: no task begins once one has failed."))),
    merge: z.optional(
      z
        .enum(["none", "branch", "apply"])
        .check(z.describe("What becomes of the results, at most: left, kept as a branch, applied.")),
    ),
  })
  .check(z.describe("A plan for `ask_codex batch`."));

export type PlanFields = z.infer<typeof planSchema>;
export type TaskFields = z.infer<typeof taskSchema>;

/** The names of all fields, for a mistyped one. */
export const PLAN_FIELDS: readonly string[] = [
  ...Object.keys(planSchema.def.shape),
  ...Object.keys(fields).map((name) => `tasks.${name}`),
];

/** For editors; published as references/batch.schema.json. */
export function planJsonSchema(): object {
  return z.toJSONSchema(planSchema);
}
