/** Everything that can be wrong with work under a contract, and which kind of wrong it is. */
export const RULES = {
  /** A file that is not in scope. */
  scope: "violation",
  /** A file that scope.forbid names. */
  forbidden: "violation",
  /** Lines outside of the range that scope.files gives. */
  lines: "violation",
  max_files: "violation",
  max_lines: "violation",
  dependencies: "violation",
  deleted_tests: "violation",
  skipped_tests: "violation",
  interfaces: "violation",
  /** HEAD, a ref or a remote moved: committing is ours. */
  refs: "violation",
  /** The document, the policy, a role or a git hook was changed. */
  sealed: "violation",
  /** Something that must stay as it was was changed by a command that we ran on the work. */
  while_validating: "violation",
  /** What decides the verdict was changed. Where it is in scope and was run as before, a failure. */
  validation_changed: "violation",
  /** A signature that the document writes out is not there yet. */
  signatures: "failure",
  validation: "failure",
  /** The tests from before the work, or what configured them, do not accept it. */
  former_tests: "failure",
  expect_files: "failure",
  changes_doc: "failure",
  require_tests: "failure",
} as const satisfies Record<string, "violation" | "failure">;

export type Rule = keyof typeof RULES;

/**
 * One thing that is wrong. A violation is work that should not have been done; it is never sent back for repair. A failure is
 * work that is missing or does not hold; Codex can repair it.
 */
export interface Finding {
  readonly rule: Rule;
  /** Where it is not the kind that the rule usually has. */
  readonly kind?: "violation" | "failure";
  /** Relative to the root of the work tree; null when it is about no file. */
  readonly path: string | null;
  /** In the file as it is now, from 1. */
  readonly line: number | null;
  /** One sentence, for people and for Codex, that says what was found and what would be right. */
  readonly message: string;
}

export function isViolation({ rule, kind = RULES[rule] }: Finding): boolean {
  return kind === "violation";
}

/** The rules that findings are about, each one once. */
export function rulesOf(findings: readonly Finding[]): string[] {
  return [...new Set(findings.map(({ rule }) => rule))];
}
