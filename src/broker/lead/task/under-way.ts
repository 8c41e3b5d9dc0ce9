import { monotonicMs } from "../../../bounds/monotonic.ts";
import type { Live } from "../../socket/protocol.ts";

interface Work {
  readonly taskId: string;
  readonly since: number;
  readonly executor: string | null;
  readonly action: string;
}

/** What is being worked on right now, for those who look. */
export class UnderWay {
  readonly #work = new Map<string, Work>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get tasks(): readonly string[] {
    return [...this.#work.values()].map(({ taskId }) => taskId);
  }

  note(id: string, taskId: string, more: { readonly executor?: string | null; readonly action?: string }): void {
    const before = this.#work.get(id) ?? { taskId, since: monotonicMs(), executor: null, action: "starting" };
    this.#work.set(id, { ...before, ...more });
    this.#changed();
  }

  end(id: string): void {
    this.#work.delete(id);
    this.#changed();
  }

  live(): Live["delegations"] {
    return [...this.#work.values()].map(({ taskId, since, executor, action }) => {
      return { task_id: taskId, executor, action, seconds: Math.round((monotonicMs() - since) / 1000) };
    });
  }
}
