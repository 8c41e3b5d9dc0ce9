import type { Handoff, StatedGuardrails } from "./handoff.ts";
import type { FrontMatterFields } from "./schema.ts";

type Common = Omit<Handoff, "title" | "scope" | "tasks" | "criteria" | "notes">;

/** What both forms of a document say with the same fields. */
export function commonFields(fields: Omit<FrontMatterFields, "scope">): Common {
  return {
    taskId: fields.task_id,
    type: fields.type?.trim() ?? "implementation",
    read: trimmed(fields.read),
    interfaces: trimmed(fields.interfaces),
    constraints: trimmed(fields.constraints),
    validation: trimmed(fields.validation),
    expectFiles: trimmed(fields.expect_files),
    guardrails: statedGuardrails(fields.guardrails ?? {}),
    commit: fields.commit?.trim() ?? null,
    changesDoc: fields.changes_doc?.trim() ?? null,
    lessons: trimmed(fields.lessons),
    after: trimmed(fields.after),
  };
}

/** The guardrails that are stated, by our names. */
export function statedGuardrails(fields: NonNullable<FrontMatterFields["guardrails"]>): StatedGuardrails {
  const { allow_dependencies: allowed } = fields;
  return stated({
    maxFiles: fields.max_files,
    maxLines: fields.max_lines,
    requireTests: fields.require_tests,
    allowDependencies: typeof allowed === "object" ? trimmed(allowed) : allowed,
    forbidDeletedTests: fields.forbid_deleted_tests,
    formerTests: fields.former_tests,
    sandboxChecks: fields.sandbox_checks,
  });
}

export function trimmed(texts: readonly string[] | undefined): readonly string[] {
  return (texts ?? []).map((text) => text.trim());
}

/** A field that is there and says nothing (`read:`) is one that is left out. Only a limit may be null: no limit. */
export function withoutNulls(data: unknown): unknown {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return data;
  const kept = Object.entries(data).filter(([key, value]) => value !== null || key === "max_lines");
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutNulls(value)]));
}

function stated<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
