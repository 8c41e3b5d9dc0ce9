import type { Tool } from "../../codex/tools.ts";
import { requestJsonSchema } from "../../orchestrate/request/schema.ts";

/** Goes up whenever a tool, or the schema of a request, changes: a thread keeps the tools that it was born with. */
export const TOOLS_VERSION = 1;

const text = (description: string) => ({ type: "string", description });
const texts = (description: string) => ({ type: "array", items: { type: "string" }, description });

const tasks = (description: string) => ({
  type: "array",
  description,
  items: {
    type: "object",
    properties: {
      task_id: text("Letters, digits, dots, dashes and underscores; used once."),
      title: text("What to do, in one line."),
      type: text("The type that its request will have; may be left out."),
    },
    required: ["task_id", "title"],
    additionalProperties: false,
  },
});

/** The tools of the thread that leads. None of Codex's own has one of these names in any supported version. */
export function orchestratorTools(parallel: number): readonly Tool[] {
  const atOnce =
    parallel === 1 ? "one after the other" : `up to ${parallel} at the same time, each in a worktree of its own`;
  return [
    {
      name: DELEGATE,
      description: `Hands tasks to an executor, ${atOnce}, and answers with a verdict for each when all are over; that can take many minutes. Each request is checked first: one that is refused comes back with what to change, and nothing was started for it.`,
      inputSchema: {
        type: "object",
        properties: { tasks: { type: "array", minItems: 1, items: requestJsonSchema() } },
        required: ["tasks"],
        additionalProperties: false,
      },
    },
    {
      name: QUEUE,
      description:
        "The plan: the tasks in their order, and what became of each. Every action answers with the queue as it is then. list: shows it. add: new tasks, at the end or before a task. reorder, drop and split need the reason.",
      inputSchema: {
        type: "object",
        properties: {
          action: { type: "string", enum: ["list", "add", "reorder", "drop", "split"] },
          tasks: tasks("add: the new tasks."),
          before: text("add: the task that they are done before; left out: at the end."),
          order: texts("reorder: task_ids in their new order; those that are not named keep their places."),
          task_id: text("drop, split: the task."),
          into: tasks("split: the parts, two or more; they are done in its place."),
          reason: text("reorder, drop, split: why, in a sentence for the person."),
        },
        required: ["action"],
        additionalProperties: false,
      },
    },
    {
      name: PERSON,
      description:
        "Asks the person who started this, and waits for the answer, for hours if need be. For decisions that the code does not make, and for tasks that are blocked.",
      inputSchema: {
        type: "object",
        properties: {
          question: text("One question, with what the person needs to know to answer it."),
          options: texts("Answers to choose from; left out: any."),
          task_id: text("The task that it is about; left out: none."),
        },
        required: ["question"],
        additionalProperties: false,
      },
    },
  ];
}

export const DELEGATE = "delegate_tasks";
export const QUEUE = "task_queue";
export const PERSON = "ask_person";
