import type { CodexSource, OpenCodex } from "../model/codex-source.ts";
import { type HeldCodex, startThread } from "./start-thread.ts";

/** A Codex for one run: started for it, and ended with it. */
export function ownCodex(): CodexSource {
  let own: HeldCodex | null = null;
  return {
    async open(plan, context, paths): Promise<OpenCodex> {
      own = await startThread(plan, context, paths);
      return own;
    },
    settle: ({ server }, how) => server.end(how),
    release: async () => own?.hold.release(),
  };
}
