import type { PlanRole } from "../model/plan.ts";
import type { FileReference } from "./file-reference.ts";

/**
 * What Codex gets beside the task, as an input item of its own: the task itself stays as it was written, byte for byte. Null
 * when there is nothing to say.
 */
export function frameFor(
  start: "new" | "follow_up",
  files: readonly FileReference[],
  role: PlanRole | null = null,
): string | null {
  const parts = [
    ...(start === "new" ? [opening(role)] : []),
    ...(role === null ? [] : [role.frame]),
    ...(files.length > 0 ? [fileList(files)] : []),
  ];
  return parts.length === 0 ? null : parts.join("\n\n");
}

function opening(role: PlanRole | null): string {
  if (role?.leads) return NOBODY_THERE;
  return [NOBODY_THERE, ...(role === null ? [SETTLED] : []), HANDOVER].join(" ");
}

/** Goes with the answer to questions that ended the turn before: Codex has noted only that it was interrupted. */
export function answerFrame(questions: readonly string[]): string {
  const asked = questions.map((question) => `- ${question}`).join("\n");
  return `You asked, and the turn was held until an answer came:\n${asked}\n\nThe next message is that answer. Go on with the task.`;
}

/** A failed check, put to Codex so that it can fix its work. */
export function repairPrompt(failures: readonly string[]): string {
  return [
    "The work was checked from outside after your last turn, and the check failed.",
    ...failures,
    "Find the cause and fix it. Keep the check itself, its tests included, as it is.",
  ].join("\n\n");
}

const NOBODY_THERE = "No user is present: the task that follows was handed over by a program.";

/** What a role may see otherwise: an architect's design is not settled. */
const SETTLED = [
  "The analysis and design behind it are settled.",
  "Begin with the work itself: skip brainstorming, interviews about requirements and design proposals.",
].join(" ");

const HANDOVER = [
  "Do not hand the task on to another agent.",
  "Ask only when something essential is ambiguous and the code does not decide it.",
  "Commits, pushes and pull requests are made by the caller: leave the changes in the work tree.",
  "Finish with a message that says what was done and what the checks you ran have shown.",
].join(" ");

function fileList(files: readonly FileReference[]): string {
  const lines = files.map(({ told, exists }) => `- ${told} (${exists ? "exists" : "missing"})`);
  return ["Priority files (read these first before making changes):", ...lines].join("\n");
}
