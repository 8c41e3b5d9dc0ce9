/** A handoff document as it says: what must be done, where, and what must hold. Nothing of it is compared with the disk yet. */
export interface Handoff {
  /** `auth-001` */
  readonly taskId: string;
  /** What sort of work it is, in a word of the author's: `implementation`, `bugfix`, `review` … */
  readonly type: string;
  /** What the document is called: its first heading; empty without one. */
  readonly title: string;
  /** Files to read first, in this order. */
  readonly read: readonly string[];
  readonly scope: Scope;
  /**
   * What must stay as it is: `src/user.ts#User` (a symbol: still exported, with the same signature), or
   * `src/user.ts: export function load(id: string): User` (a text that the file must hold).
   */
  readonly interfaces: readonly string[];
  /** What not to do, in words for Codex. */
  readonly constraints: readonly string[];
  /** Commands that must succeed afterwards; we run them. */
  readonly validation: readonly string[];
  readonly expectFiles: readonly string[];
  readonly guardrails: StatedGuardrails;
  /** The message of the commit that we make after a clean verdict; null: none is made. */
  readonly commit: string | null;
  /** Where Codex should write what it changed; null: nowhere. */
  readonly changesDoc: string | null;
  /** Lessons that are part of this task, in words. */
  readonly lessons: readonly string[];
  /** The tasks of a batch that this one waits for. */
  readonly after: readonly string[];
  /** Numbered, one sentence each. */
  readonly tasks: readonly ListEntry[];
  /** What shows that the work is right. */
  readonly criteria: readonly ListEntry[];
  /** What else the body says, as markdown; empty for nothing. */
  readonly notes: string;
}

/** Paths and patterns, relative to the root of the work tree; see patterns.ts. */
interface Scope {
  /** What may be changed: `src/auth.ts`, `src/auth/**`, `src/auth.ts:45-89`. */
  readonly files: readonly string[];
  /** What must not be touched, ignored files included. */
  readonly forbid: readonly string[];
}

/** One task or criterion. */
export interface ListEntry {
  readonly text: string;
  /** Where it stands in the document, from 1; null: nowhere in particular (JSON). */
  readonly line: number | null;
}

/** Guardrails as a document states them; what it leaves open the policy decides. */
export type StatedGuardrails = { readonly [Name in keyof Guardrails]?: Guardrails[Name] | undefined };

/** The limits of a task. */
export interface Guardrails {
  /** How many files may change; the changes document does not count. */
  readonly maxFiles: number;
  /** How many lines may be added and removed together; null: any number. */
  readonly maxLines: number | null;
  /** Tests must be among what changed. */
  readonly requireTests: boolean;
  /** Any new dependency (true), none (false), or those named. */
  readonly allowDependencies: boolean | readonly string[];
  /** No test may be deleted or skipped. */
  readonly forbidDeletedTests: boolean;
  /** The tests from before the work judge it as well. */
  readonly formerTests: boolean;
  /** Validation runs in Codex's own sandbox. */
  readonly sandboxChecks: boolean;
}

/** What a run is held to: the document, with all that policy and lessons add, read once before the run. */
export interface Contract {
  readonly handoff: Handoff;
  /** The document's path relative to the root of the work tree; null when it lies outside. */
  readonly document: string | null;
  /** The policy that counts, as a full path; null: there is none. */
  readonly policy: string | null;
  /** The project's lessons, relative to the root: `learn` writes them beside the work. */
  readonly lessonsFile: string;
  readonly guardrails: Guardrails;
  /** Rules of the policy for the executor, in words for Codex. */
  readonly rules: readonly string[];
  /** The project's lessons that match the scope, and the document's own. */
  readonly lessons: readonly string[];
}
