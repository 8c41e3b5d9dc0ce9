import * as z from "zod/mini";
import { openTasks } from "./status.ts";
import { TASK_STATES, type TaskQueue } from "./task.ts";

const text = z.string();
const nullable = z.nullable(text);
const count = z.number();

/** An orchestration's queue, as `state.json` has it. */
export const queueView = z.object({
  tasks: z.array(
    z.object({
      task_id: text,
      title: text,
      type: nullable,
      state: z.enum(TASK_STATES),
      /** The outcome of its last delegation. */
      verdict: nullable,
      executor: nullable,
    }),
  ),
  open_tasks: count,
  refused_requests: count,
  spent_seconds: count,
  /** Of all executors. */
  executor_tokens: count,
  /** At list prices, whatever an account pays. */
  list_price_usd: count,
});

export type QueueView = z.infer<typeof queueView>;

export function viewOf(queue: TaskQueue): QueueView {
  const { tasks, running, finished, refused, spentMs, spentUsd } = queue;
  const executorOf = (id: string) =>
    running.find(({ taskId }) => taskId === id)?.executor ??
    finished.findLast(({ task_id }) => task_id === id)?.executor ??
    null;
  return {
    tasks: tasks.map(({ id, title, type, state, verdict }) => {
      return { task_id: id, title, type, state, verdict, executor: executorOf(id) };
    }),
    open_tasks: openTasks(queue).length,
    refused_requests: refused.length,
    spent_seconds: Math.round(spentMs / 1000),
    executor_tokens: finished.reduce((sum, { input_tokens, output_tokens }) => sum + input_tokens + output_tokens, 0),
    list_price_usd: Math.round(spentUsd * 10_000) / 10_000,
  };
}
