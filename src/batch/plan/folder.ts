import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { messageOf, UsageError } from "../../errors.ts";
import { readDocument } from "../../handoff/document/document.ts";
import { type Fault, fault } from "./fault.ts";
import type { ReadPlan } from "./read.ts";
import type { TaskFields } from "./schema.ts";

/** The handoff documents of a folder as a plan, in the order of their names: each is a task, called by its task_id. */
export async function planOfFolder(folder: string): Promise<ReadPlan> {
  const names = (await readdir(folder)).filter((name) => /^[^.].*\.(md|json)$/i.test(name)).sort();
  const read = await inBatches(names, (name) => taskFrom(join(folder, name), name));
  const faults = read.flatMap((one) => (one !== null && "what" in one ? [one] : []));
  const tasks = read.flatMap((one) => (one !== null && "id" in one ? [one] : []));
  if (faults.length > 0) return { plan: null, faults };
  if (tasks.length > 0) return { plan: { tasks }, faults: [] };
  const none = fault(null, `No handoff document is in ${folder}`, "ask_codex handoff new writes one.");
  return { plan: null, faults: [none] };
}

/** Null: markdown that is not a document, such as a README. */
async function taskFrom(path: string, name: string): Promise<TaskFields | Fault | null> {
  try {
    const read = await readDocument(path);
    if (read.document !== null) {
      const { taskId, after } = read.document.handoff;
      return { id: taskId, handoff: path, after: [...after] };
    }
    const [first] = read.gaps;
    if (first?.what.startsWith("It has no front matter")) return null;
    return fault(name, `${name}: ${first?.what ?? "it cannot be read"}`, first?.fix ?? "Fix it.");
  } catch (error) {
    if (error instanceof UsageError) return fault(name, messageOf(error), error.hint);
    throw error;
  }
}
