import { bash, type Step } from "../support/claude/messages-api.ts";
import { close, edit } from "../support/claude/scripted-executor.ts";
import { calls, type Reply, say } from "../support/model/replies.ts";
import type { World } from "../support/world.ts";

export const GOAL = "The total of a cart counts each item as often as it is bought.";

const TASKS = [
  { task_id: "total", title: "The total is right", type: "bugfix" },
  { task_id: "check", title: "All tests pass", type: "validation" },
];

const VAGUE = {
  task_id: "total",
  type: "bugfix",
  scope: { files: ["**"] },
  requirements: ["Clean up the cart while you are at it"],
  validation: ["node --test"],
};

const PRECISE = {
  ...VAGUE,
  scope: { files: ["cart.js"] },
  requirements: ["In `cart.js`, `total(items)` multiplies the price of each item by its `quantity`"],
};

const delegate = (task: unknown) => calls({ name: "delegate_tasks", args: { tasks: [task] } });

/** What Codex's model says: a plan, a request that is refused, a better one, the tests. */
export const leadScript: readonly Reply[] = [
  calls({ name: "task_queue", args: { action: "add", tasks: TASKS } }),
  delegate(VAGUE),
  delegate(PRECISE),
  delegate({ task_id: "check", type: "validation", validation: ["node --test"] }),
  say("The total counts the quantity now, and the tests pass. The first request was too wide; Claude never saw it."),
];

/** What Claude's model says: read, edit, test, report. */
export function executorScript(world: World): readonly Step[] {
  const sum = "sum + item.price";
  return [
    ...edit(world, "cart.js", `${sum}, 0`, `${sum} * item.quantity, 0`),
    bash("node --test"),
    close("DONE", "The quantity was left out."),
  ];
}
