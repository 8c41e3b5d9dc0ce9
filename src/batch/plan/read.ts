import { messageOf } from "../../errors.ts";
import { withoutNulls } from "../../handoff/document/fields.ts";
import { schemaFaults } from "../../text/schema-faults.ts";
import { type Fault, fault } from "./fault.ts";
import { PLAN_FIELDS, type PlanFields, planSchema } from "./schema.ts";

export type ReadPlan =
  | { readonly plan: PlanFields; readonly faults: readonly [] }
  | { readonly plan: null; readonly faults: readonly Fault[] };

/** Reads a plan: JSON, a JSON object a line (each a task), or YAML. */
export async function readPlan(text: string): Promise<ReadPlan> {
  const whole = text.replace(/^\uFEFF/, "");
  if (whole.trim() === "") return refused(fault(null, "The plan is empty", "Give it a list `tasks`."));
  let data: unknown;
  try {
    data = await parsed(whole);
  } catch (error) {
    return refused(
      fault(null, `The plan cannot be read: ${messageOf(error)}`, "Fix it; ask_codex batch check looks again."),
    );
  }
  const found = planSchema.safeParse(withoutNulls(Array.isArray(data) ? { tasks: data } : data));
  if (found.success) return { plan: found.data, faults: [] };
  return {
    plan: null,
    faults: schemaFaults(found.error.issues, PLAN_FIELDS).map((one) =>
      fault(taskOf(one.field, data), one.what, one.fix),
    ),
  };
}

async function parsed(text: string): Promise<unknown> {
  if (!/^\s*[[{]/.test(text)) return (await import("../../files/yaml.ts")).parseYaml(text);
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const each = lines.map(asJson);
  if (lines.length > 1 && each.every(isTask)) return each;
  if (lines.length === 1 && isTask(each[0])) return each;
  const whole = asJson(text);
  // YAML has flow maps of its own: `{tasks: […]}`.
  if (whole === undefined) return (await import("../../files/yaml.ts")).parseYaml(text);
  return whole;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTask(data: unknown): boolean {
  return typeof data === "object" && data !== null && !Array.isArray(data) && "id" in data;
}

/** The id of the task that `tasks[2].prompt` is about, as far as it has one. */
function taskOf(field: string, data: unknown): string | null {
  const at = /^tasks\[(\d+)\]/.exec(field)?.[1];
  if (at === undefined) return null;
  const tasks = Array.isArray(data) ? data : (data as { readonly tasks?: unknown }).tasks;
  const one: unknown = Array.isArray(tasks) ? tasks[Number(at)] : null;
  const id = typeof one === "object" && one !== null && "id" in one ? one.id : null;
  return typeof id === "string" ? id : `tasks[${at}]`;
}

function refused(one: Fault): ReadPlan {
  return { plan: null, faults: [one] };
}
