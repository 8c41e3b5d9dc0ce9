import { basename, join } from "node:path";
import { serveSession } from "../../broker/worker/serve-session.ts";
import { ownHolder } from "../../process/own-holder.ts";
import { codexSearch } from "../edge/codex-search.ts";
import { callersEnvironment } from "../edge/environment.ts";
import { stateFolder } from "../edge/folders.ts";
import { cancelOnSignals } from "../edge/signals.ts";
import { VERSION } from "../edge/version.ts";

/** The worker of the session in this folder: what `start` and `send` leave running. Not for calling by hand. `granted`: messages by their ids. */
export async function work(folder: string, granted: readonly string[]): Promise<number> {
  await serveSession(folder, {
    state: stateFolder(),
    granted,
    owner: await ownHolder(basename(folder), join(folder)),
    env: callersEnvironment(),
    search: codexSearch(),
    version: VERSION,
    signal: cancelOnSignals(),
    lead: async (parts) => (await import("../../broker/lead/open-leading.ts")).openLeading(parts),
  });
  return 0;
}
