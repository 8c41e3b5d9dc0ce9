import * as z from "zod/mini";

/** A text that says something. */
const said = z.string().check(z.regex(/\S/, "is empty"));
/** A path or pattern of files, which stays in the work tree. */
export const treePath = said.check(
  z.refine((text) => !/^[/~]|(^|\/)\.\.(\/|$)/.test(text), "is not below the root of the work tree"),
  z.refine((text) => !text.includes("\0"), "holds a NUL, which no path can"),
);

function list<Item extends z.ZodMiniType>(item: Item, about: string) {
  return z.optional(z.array(item).check(z.describe(about)));
}

const count = z.int().check(z.minimum(0));

/** The guardrails that a document or a policy may state. */
export const guardrailFields = {
  max_files: z.optional(
    count.check(
      z.describe(
        "How many files may change; the changes document does not count. Default: the policy's, else as many as scope.files, expect_files and tasks name, and 5 at least.",
      ),
    ),
  ),
  max_lines: z.optional(
    z
      .nullable(count)
      .check(z.describe("How many lines may be added and removed together; null: any number (the default).")),
  ),
  require_tests: z.optional(z.boolean().check(z.describe("Tests must be among what changed."))),
  allow_dependencies: z.optional(
    z
      .union([z.boolean(), z.array(said)])
      .check(z.describe("New dependencies in manifests: any (true), none (false, the default), or those named.")),
  ),
  former_tests: z.optional(
    z.boolean().check(z.describe("The tests as they were before the work judge it as well (the default).")),
  ),
  sandbox_checks: z.optional(
    z
      .boolean()
      .check(
        z.describe(
          "Validation runs in Codex's own sandbox: it can write in the work tree only, and has no network. What the policy or --sandbox-checks switches on stays on.",
        ),
      ),
  ),
  forbid_deleted_tests: z.optional(z.boolean().check(z.describe("No test may be deleted or skipped (the default)."))),
};

/** What both forms of a document, markdown and JSON, say with the same words. */
const common = {
  task_id: z
    .string()
    .check(
      z.regex(
        /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
        "is not made of letters, digits, dots, dashes and underscores, 64 at most",
      ),
      z.describe("What lessons, ledger and results know the task by, such as auth-001."),
    ),
  type: z.optional(said.check(z.describe("What sort of work it is: implementation (the default), bugfix, review …"))),
  read: list(treePath, "Files to read first, in this order."),
  interfaces: list(
    said,
    "What must stay as it is: `src/user.ts#User` (still exported, with the same signature), or `src/user.ts: text that it holds`.",
  ),
  constraints: list(said, "What not to do, in words for Codex."),
  validation: list(said, "Commands that must succeed afterwards; ask_codex runs them at the root of the work tree."),
  expect_files: list(treePath, "Files that must exist afterwards; they are in scope."),
  guardrails: z.optional(z.strictObject(guardrailFields)),
  commit: z.optional(
    said.check(
      z.describe("The message of the commit that ask_codex makes after a clean verdict; Codex itself cannot commit."),
    ),
  ),
  changes_doc: z.optional(treePath.check(z.describe("Where Codex writes what it changed; it is in scope."))),
  lessons: list(said, "Lessons that are part of this task."),
  after: list(said, "For `ask_codex batch`: the task_ids whose results this task begins with."),
};

const files = list(
  treePath,
  "What may be changed: src/auth.ts, src/auth/ (all below it), src/**/*.css, src/auth.ts:45-89 (these lines).",
);
const forbid = list(
  treePath,
  "What must not be touched, ignored files included; the same forms. It wins over scope.files.",
);

/** The front matter of a markdown document. */
export const frontMatterSchema = z
  .strictObject({ ...common, scope: z.optional(z.strictObject({ files, forbid })) })
  .check(z.describe("The front matter of a handoff document for `ask_codex handoff`."));

/** A task request as JSON. */
export const requestSchema = z.strictObject({
  ...common,
  title: z.optional(z.string()),
  scope: z.optional(z.strictObject({ files, lines: z.optional(z.tuple([count, count])), forbid })),
  requirements: list(said, "The tasks."),
  success_criteria: list(said, "How to see that the work is right; without it, that every validation succeeds."),
  notes: z.optional(z.string()),
});

/** The names of all fields, for a mistyped one. */
export const FRONT_MATTER_FIELDS: readonly string[] = fieldNames(frontMatterSchema.def.shape);
export const REQUEST_FIELDS: readonly string[] = fieldNames(requestSchema.def.shape);

export type FrontMatterFields = z.infer<typeof frontMatterSchema>;
export type RequestFields = z.infer<typeof requestSchema>;

function fieldNames({ scope: _scope, guardrails: _guardrails, ...fields }: Readonly<Record<string, unknown>>) {
  const scope = "requirements" in fields ? ["files", "lines", "forbid"] : ["files", "forbid"];
  const guardrails = Object.keys(guardrailFields).map((name) => `guardrails.${name}`);
  return [...Object.keys(fields), ...scope.map((name) => `scope.${name}`), ...guardrails];
}

/** The JSON Schema of the front matter, for editors; published as references/handoff.schema.json. */
export function frontMatterJsonSchema(): object {
  return z.toJSONSchema(frontMatterSchema);
}
