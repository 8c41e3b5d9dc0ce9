import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import { exists } from "../../files/look.ts";
import { readPlain } from "../../files/read-plain.ts";

/** A name that makes a file name and a task id. */
export interface DocumentName {
  /** `CODEX-AUTH.md` */
  readonly file: string;
  /** `CODEX-AUTH-CHANGES.md` */
  readonly changes: string;
  /** `auth` */
  readonly slug: string;
}

/** @throws UsageError for what makes no file name */
export function documentName(name: string): DocumentName {
  const bare = name.replace(/^CODEX-/i, "").replace(/\.md$/i, "");
  const slug = bare
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, "-");
  if (!/^[a-z0-9][a-z0-9.-]{0,59}$/.test(slug))
    throw new UsageError(
      `${JSON.stringify(name)} is not a name for a handoff: use letters, digits and dashes, 60 at most.`,
    );
  const upper = slug.toUpperCase();
  return { file: `CODEX-${upper}.md`, changes: `CODEX-${upper}-CHANGES.md`, slug };
}

const EXAMPLE_TITLE = "Reject expired tokens";

function exampleTasks(slug: string): readonly string[] {
  return [
    `In \`src/${slug}.ts\`, let \`verify(token: string): User | null\` return null for a token whose \`exp\` has passed.`,
    `In \`tests/${slug}.test.ts\`, add a test with a token that expired a second ago, and one with a token that is valid.`,
  ];
}

/** Whether a task is one of the example's, whatever name that was written for. */
export function isExampleTask(text: string): boolean {
  const slug = /`(?:src|tests)\/([^`]+?)(?:\.test)?\.ts`/.exec(text)?.[1];
  return slug !== undefined && exampleTasks(slug).includes(text.replace(/\s+/g, " "));
}

/** Whether a path of scope.files may be one of the example's. */
export function isExampleFile(path: string): boolean {
  return /^src\/[^/]+\.ts$|^tests\/[^/]+\.test\.ts$/.test(path);
}

/** A short example, filled in for a repository that is proved by `validation`. */
export function newDocument({ file, changes, slug }: DocumentName, validation: string): string {
  return `---
task_id: ${slug}-001
type: implementation
# Files to read first, in this order; paths and patterns begin at the root of the repository.
read:
  - src/${slug}.ts
scope:
  # What may be changed: a path, src/${slug}/ (all below it), src/**/*.css, src/${slug}.ts:45-89 (these lines).
  files:
    - src/${slug}.ts
    - tests/${slug}.test.ts
  # What must not be touched, ignored files included.
  forbid:
    - "**/.env*"
# What must stay as it is: a symbol, or \`path: text that the file holds\`.
interfaces: []
constraints:
  - Do not change what other modules call.
# Commands that must succeed; ask_codex runs them itself.
validation:
  - ${JSON.stringify(validation)}
# As many files may change as the document names (5 at least), no new dependencies, no test deleted or skipped. Say what is to differ:
# max_files: 12, max_lines: 400, require_tests: true, allow_dependencies: [zod], forbid_deleted_tests: false
guardrails: {}
# Files that must exist afterwards; they are in scope as well.
expect_files: []
# ask_codex makes this commit after a clean verdict. Codex itself cannot commit: its sandbox keeps .git read-only.
commit: "${EXAMPLE_TITLE} in ${slug}"
changes_doc: ${changes}
---

# ${EXAMPLE_TITLE}

Replace this example with your own task, and check it with \`ask_codex handoff check ${file}\`. What is written up here is for Codex
to read as well: why it is done, and how it should be built.

## Tasks

${exampleTasks(slug)
  .map((task, at) => `${at + 1}. ${task}`)
  .join("\n")}

## Success criteria

- A token whose \`exp\` has passed gives null, and any other the user as before.
- Both new tests fail without the change in \`src/${slug}.ts\`.
`;
}

/** A command that proves work in this repository, as far as its files show. */
export async function likelyValidation(root: string): Promise<string> {
  if (await hasTestScript(join(root, "package.json"))) return "npm test";
  for (const [file, command] of USUAL) if (await exists(join(root, file))) return command;
  // Always there, and better than nothing: no conflict marks, no blanks at line ends.
  return "git diff --check";
}

const USUAL = [
  ["Cargo.toml", "cargo test"],
  ["go.mod", "go test ./..."],
  ["pyproject.toml", "python3 -m pytest"],
  ["Makefile", "make test"],
] as const;

async function hasTestScript(path: string): Promise<boolean> {
  try {
    const { scripts } = JSON.parse(readPlain(path, { follow: true })) as {
      readonly scripts?: { readonly test?: string };
    };
    return scripts?.test !== undefined;
  } catch {
    return false;
  }
}
