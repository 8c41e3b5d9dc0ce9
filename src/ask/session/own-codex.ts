import type { CodexSource, OpenCodex } from "../model/codex-source.ts";
import { type HeldCodex, startThread } from "./start-thread.ts";

/** A Codex for one run: started for it, and ended with it. */
export function ownCodex(): CodexSource {
  let own: HeldCodex | null = null;
  let ending = false;
  return {
    async open(plan, context, paths): Promise<OpenCodex> {
      const there = context.elsewhere?.codex ?? null;
      const start = () => startThread(plan, context, paths);
      own = await (there === null ? start() : there.starting(start));
      if (there !== null) void own.server.exited.then(() => ending || there.gone());
      return own;
    },
    settle({ server }, how) {
      ending = true;
      return server.end(how);
    },
    release: async () => own?.hold.release(),
  };
}
