import { join, relative } from "node:path";
import * as z from "zod/mini";
import { isErrno, messageOf, UsageError } from "../../errors.ts";
import { readYaml } from "../../files/front-matter.ts";
import { upwards } from "../../files/look.ts";
import { readPlain } from "../../files/read-plain.ts";
import { schemaFaults } from "../../text/schema-faults.ts";
import { fieldLines, lineOf } from "../document/field-lines.ts";
import { statedGuardrails, withoutNulls } from "../document/fields.ts";
import type { Guardrails } from "../document/handoff.ts";
import { HEADINGS, type Headings, withHeadings } from "../document/headings.ts";
import { guardrailFields } from "../document/schema.ts";

/** What a repository wants of its handoffs. What it leaves open has a default. */
export interface Policy {
  /** Absolute; null: the repository has none. */
  readonly path: string | null;
  readonly delegation: Delegation;
  /** Rules for the executor, in words. */
  readonly executors: { readonly codex: readonly string[]; readonly claude: readonly string[] };
  readonly guardrails: PolicyGuardrails;
  /** A document must name a command that proves the work. */
  readonly requireValidation: boolean;
  readonly requiredFields: readonly RequiredField[];
  readonly forbiddenPhrases: readonly string[];
  /** What a document may call its sections. */
  readonly headings: Headings;
  /** The project's lessons, relative to the root of the work tree. */
  readonly lessons: string;
}

/** Without a limit of its own, a document may change as many files as it names. */
type PolicyGuardrails = Omit<Guardrails, "maxFiles"> & { readonly maxFiles: number | null };

/** Patterns of work that always go to one side. */
export interface Delegation {
  /** To Claude. */
  readonly precise: readonly string[];
  /** To Codex. */
  readonly orchestration: readonly string[];
}

/** Where a repository keeps it. */
export const POLICY_PATH = ".ask-codex/policy.yaml";

/** What a policy may require of a document. The last two are older names for what the fields before them say. */
const REQUIRABLE = [
  ...["task_id", "type", "title", "read", "scope.files", "scope.forbid", "interfaces", "constraints", "validation"],
  ...["expect_files", "guardrails", "commit", "changes_doc", "lessons", "tasks", "success_criteria", "notes"],
  ...["exact_file_paths", "validation_steps"],
] as const;

export type RequiredField = (typeof REQUIRABLE)[number];

const words = z.optional(z.array(z.string().check(z.regex(/\S/, "is empty"))));

const schema = z.strictObject({
  delegation: z.optional(z.strictObject({ precise_patterns: words, orchestration_patterns: words })),
  executors: z.optional(z.strictObject({ codex: words, claude: words })),
  guardrails: z.optional(z.strictObject({ ...guardrailFields, require_validation: z.optional(z.boolean()) })),
  required_fields: z.optional(z.array(z.enum(REQUIRABLE))),
  forbidden_phrases: words,
  headings: z.optional(z.strictObject({ tasks: words, criteria: words, constraints: words })),
  lessons: z.optional(
    z.string().check(
      z.regex(/\S/, "is empty"),
      z.refine((path) => !/^[/~]|(^|\/)\.\.(\/|$)/.test(path), "is not below the root of the work tree"),
    ),
  ),
});

const KNOWN = Object.entries(schema.def.shape).flatMap(([name, field]) => {
  const inner =
    "innerType" in field.def && "shape" in field.def.innerType.def ? Object.keys(field.def.innerType.def.shape) : [];
  return inner.length === 0 ? [name] : inner.map((key) => `${name}.${key}`);
});

/** What holds where there is no policy, and for all that one leaves open. */
export const DEFAULT_POLICY: Policy = {
  path: null,
  delegation: {
    precise: ["debug", "fix bug", "optimize performance", "security audit", "complex algorithm"],
    orchestration: ["refactor across", "add to all", "setup new", "create service", "bulk update"],
  },
  executors: { codex: [], claude: [] },
  guardrails: {
    maxFiles: null,
    maxLines: null,
    requireTests: false,
    allowDependencies: false,
    forbidDeletedTests: true,
    formerTests: true,
    sandboxChecks: false,
  },
  requireValidation: true,
  requiredFields: [],
  forbiddenPhrases: [
    ...["clean up", "improve the code", "refactor while you're at it", "while you're at it", "make it better"],
    ...["fix anything else", "fix everything", "and so on", "as you see fit", "where appropriate", "as needed"],
  ],
  headings: HEADINGS,
  lessons: ".ask-codex/lessons.md",
};

/**
 * Reads the policy that is nearest to the folder, no further up than the root of the work tree.
 * @throws UsageError, in one line with file and key, for one that cannot be read
 */
export async function readPolicy(folder: string, root: string): Promise<Policy> {
  const found = await nearest(folder, root);
  if (found === null) return DEFAULT_POLICY;
  const { path, text } = found;
  const data = await readYaml(text).catch((error: unknown) => {
    throw unusable(path, messageOf(error));
  });
  const parsed = schema.safeParse(withoutNulls(data));
  if (!parsed.success) {
    const [fault] = schemaFaults(parsed.error.issues, KNOWN);
    const line = lineOf(fieldLines(text), fault?.field ?? "");
    throw unusable(`${path}${line === null ? "" : `:${line}`}`, `${fault?.what}. ${fault?.fix}`);
  }
  return policyOf(path, parsed.data);
}

function policyOf(path: string, data: z.infer<typeof schema>): Policy {
  const { require_validation: requireValidation, ...guardrails } = data.guardrails ?? {};
  const standard = DEFAULT_POLICY;
  return {
    path,
    delegation: {
      precise: data.delegation?.precise_patterns ?? standard.delegation.precise,
      orchestration: data.delegation?.orchestration_patterns ?? standard.delegation.orchestration,
    },
    executors: { codex: data.executors?.codex ?? [], claude: data.executors?.claude ?? [] },
    guardrails: { ...standard.guardrails, ...(statedGuardrails(guardrails) as Partial<PolicyGuardrails>) },
    requireValidation: requireValidation ?? standard.requireValidation,
    requiredFields: data.required_fields ?? standard.requiredFields,
    forbiddenPhrases: data.forbidden_phrases ?? standard.forbiddenPhrases,
    headings: data.headings === undefined ? standard.headings : withHeadings(data.headings),
    lessons: data.lessons?.trim() ?? standard.lessons,
  };
}

function unusable(path: string, what: string): UsageError {
  return new UsageError(
    `The policy is not usable: ${path}: ${what}`,
    "Fix it, or take it away: everything in it is optional.",
  );
}

async function nearest(folder: string, root: string): Promise<{ readonly path: string; readonly text: string } | null> {
  for (const at of upwards(folder)) {
    const path = join(at, POLICY_PATH);
    try {
      return { path, text: readPlain(path, { follow: true }) };
    } catch (error) {
      if (!isErrno(error, "ENOENT", "ENOTDIR")) throw unusable(path, messageOf(error));
    }
    if (at === root || relative(root, at).startsWith("..")) break;
  }
  return null;
}
