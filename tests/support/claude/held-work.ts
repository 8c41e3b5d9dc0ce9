import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { http, type Reply, run } from "../model/replies.ts";
import type { ModelRequest, Script } from "../model/server.ts";
import type { World } from "../world.ts";

/** A Codex that is at work until the test lets it go on. */
export interface HeldWork {
  readonly script: Script;
  letGo(world: World): Promise<void>;
}

/** What the model answers from then on: in order, or by the request. */
export function heldWork(then: readonly Reply[] | ((request: ModelRequest) => Reply)): HeldWork {
  const replies = typeof then === "function" ? [] : [...then];
  let held = true;
  return {
    script: (request) => {
      // Codex asks again when a command takes long; there is only more of the same, then.
      if (held) return WAIT;
      return typeof then === "function" ? then(request) : (replies.shift() ?? http(400, "the script is over"));
    },
    // Not in the workspace: a change there ends a read-only run as failed.
    async letGo({ home }) {
      held = false;
      await writeFile(join(home, "go"), "");
    },
  };
}

const WAIT = run('until test -e "$HOME/go"; do sleep 0.1; done');
