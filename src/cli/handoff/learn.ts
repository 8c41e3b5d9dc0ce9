import { join, resolve } from "node:path";
import { UsageError } from "../../errors.ts";
import { loadContract, policyFor } from "../../handoff/contract/contract.ts";
import type { Lesson } from "../../handoff/contract/lesson.ts";
import { appendLesson } from "../../handoff/contract/lessons.ts";
import { currentFolder } from "../edge/folders.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import { handoffTree } from "./place.ts";

/** `ask_codex handoff learn`: a lesson goes into the project's file, for tasks on the files that this one may change. */
export async function learn(
  [file, lesson]: readonly [file: string, lesson: string],
  { workspace, kind }: { readonly workspace?: string; readonly kind: Lesson["kind"] },
): Promise<number> {
  if (lesson.trim() === "") throw new UsageError("The lesson is empty.", "Say in a sentence what was learned.");
  const document = resolve(currentFolder(), file);
  const { root } = await handoffTree(workspace);
  const { taskId, scope } = (await loadContract(document, root)).handoff;
  const path = join(root, (await policyFor(document, root)).lessons);
  const date = new Date().toISOString().slice(0, 10);
  await appendLesson({ root, path, document }, { date, kind, taskId, scope: scope.files, text: lesson });
  writeOut(
    lines([
      ["lessons", path],
      ["task_id", taskId],
      ["kind", kind],
    ]),
  );
  return 0;
}
