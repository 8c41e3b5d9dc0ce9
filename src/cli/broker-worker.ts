import { basename, join } from "node:path";
import { serveSession } from "../broker/serve-session.ts";
import { ownHolder } from "../process/hold.ts";
import { codexSearch } from "./codex-search.ts";
import { stateFolder } from "./folders.ts";
import { cancelOnSignals } from "./signals.ts";
import { VERSION } from "./version.ts";

/** The worker of the session in this folder: what `start` and `send` leave running. Not for calling by hand. */
export async function work(folder: string): Promise<number> {
  await serveSession(folder, {
    state: stateFolder(),
    owner: await ownHolder(basename(folder), join(folder)),
    env: process.env,
    search: codexSearch(),
    version: VERSION,
    signal: cancelOnSignals(),
  });
  return 0;
}
