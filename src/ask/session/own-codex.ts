import type { CodexSource, HeldCodex } from "../model/codex-source.ts";
import { startThread } from "./start-thread.ts";

/** A Codex for one run: started for it, and ended with it. */
export function ownCodex(): CodexSource {
  let own: HeldCodex | null = null;
  let ending = false;
  const keep = (codex: HeldCodex) => {
    own = codex;
    return codex;
  };
  return {
    async start(plan, context, paths) {
      const there = context.elsewhere?.codex ?? null;
      const start = () => startThread(plan, context, paths);
      if (there === null) return { opened: (await start()).opened.then(keep) };
      const opened = there.starting(async () => (await start()).opened).then(keep);
      void opened.then(
        ({ server }) => void server.exited.then(() => ending || there.gone()),
        () => {},
      );
      return { opened };
    },
    settle({ server }, how) {
      ending = true;
      return server.end(how);
    },
    release: async () => own?.hold.release(),
  };
}
