import { calls, type Reply, run } from "./replies.ts";
import type { ModelRequest } from "./server.ts";

/**
 * A model that sets a goal before anything else, and then goes by `then`. Whatever Codex begins by itself for the goal
 * writes the file `by-itself`.
 */
export function pursuing(then: (request: ModelRequest) => Reply): (request: ModelRequest) => Reply {
  let set = false;
  return (request) => {
    const text = JSON.stringify(request.body.input);
    if (/<codex_internal_context/.test(text.slice(text.lastIndexOf('"role":"user"'))))
      return run("echo x >> by-itself");
    if (set) return then(request);
    set = true;
    return calls({ name: "create_goal", args: { objective: "finish it all" } });
  };
}
