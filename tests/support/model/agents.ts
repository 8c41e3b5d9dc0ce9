import { type Call, calls, type Reply } from "./replies.ts";
import type { ModelRequest } from "./server.ts";
import { tasksIn } from "./wire.ts";

/** Who asks the model: the thread of a task, or the sub-agent that it has started, with what it has been handed back since. */
interface Turns {
  readonly parent: readonly Reply[];
  readonly child: readonly Reply[];
}

/** A model for a thread that begins by starting one sub-agent, with the word CHILD for its task, and then goes by `parent`. */
export function withAgent({ parent, child }: Turns): (request: ModelRequest) => Reply {
  const left = { parent: [...parent], child: [...child] };
  let started = false;
  return (request) => {
    if (tasksIn(request).at(-1) === CHILD) return left.child.shift() ?? calls();
    if (started) return left.parent.shift() ?? calls();
    started = true;
    return calls(spawnCall(request.body));
  };
}

const CHILD = "CHILD";

/** Where the tool lies and what its task is called differs by version and by the user's features. */
function spawnCall({ tools = [] }: ModelRequest["body"]): Call {
  for (const { name, tools: inside = [] } of tools) {
    const tool = inside.find((each) => each.name === "spawn_agent");
    if (tool === undefined || name === undefined) continue;
    const named = "task_name" in (tool.parameters?.properties ?? {}) ? { task_name: "child" } : {};
    return { name: "spawn_agent", namespace: name, args: { ...named, message: CHILD } };
  }
  throw new Error("Codex offers no spawn_agent");
}
