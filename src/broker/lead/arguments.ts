import * as z from "zod/mini";
import { withoutNulls } from "../../handoff/document/fields.ts";
import type { Hindrance } from "../../orchestrate/queue/may-delegate.ts";

const words = z.string().check(z.trim(), z.minLength(1));
const id = z.string().check(z.regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,63}$/u));
const newTask = z.pipe(
  z.strictObject({ task_id: id, title: words, type: z.optional(words) }),
  z.transform(({ type, ...task }) => ({ ...task, type: type ?? null })),
);
const newTasks = z.array(newTask);

/** Every request is read by itself: one that does not fit must not keep the others. */
export const delegateArguments = z.strictObject({ tasks: z.array(z.unknown()).check(z.minLength(1), z.maxLength(50)) });

export const queueArguments = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("list") }),
  z.pipe(
    z.strictObject({ action: z.literal("add"), tasks: newTasks, before: z.optional(id) }),
    z.transform(({ before, ...edit }) => ({ ...edit, before: before ?? null })),
  ),
  z.strictObject({ action: z.literal("reorder"), order: z.array(id).check(z.minLength(1)), reason: words }),
  z.strictObject({ action: z.literal("drop"), task_id: id, reason: words }),
  z.strictObject({ action: z.literal("split"), task_id: id, into: newTasks, reason: words }),
]);

export const personArguments = z.strictObject({
  question: words,
  options: z._default(z.array(words).check(z.maxLength(10)), []),
  task_id: z.optional(id),
});

/** What a model has passed to a tool, or what is wrong with it: Codex passes schemas on and holds nothing to them. */
export function readArguments<T>(
  schema: z.ZodMiniType<T>,
  given: unknown,
): { readonly ok: true; readonly value: T } | { readonly ok: false; readonly faults: readonly Hindrance[] } {
  const parsed = schema.safeParse(withoutNulls(given));
  if (parsed.success) return { ok: true, value: parsed.data };
  const faults = parsed.error.issues.slice(0, MOST_FAULTS).map(({ path, message }) => {
    const where = path.join(".") || "the arguments";
    return { what: `${where}: ${message}.`, change: "Call the tool again with arguments that fit its schema." };
  });
  return { ok: false, faults };
}

const MOST_FAULTS = 10;
