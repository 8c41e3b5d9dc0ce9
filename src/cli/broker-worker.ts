import { basename, join } from "node:path";
import { serveSession } from "../broker/serve-session.ts";
import { findProcess } from "../process/process-table.ts";
import { codexSearch } from "./codex-search.ts";
import { stateFolder } from "./folders.ts";
import { cancelOnSignals } from "./signals.ts";
import { VERSION } from "./version.ts";

/** The worker of the session in this folder: what `start` and `send` leave running. Not for calling by hand. */
export async function work(folder: string): Promise<number> {
  const identity = await findProcess(process.pid);
  await serveSession(folder, {
    state: stateFolder(),
    owner: { pid: process.pid, startedAt: identity?.startedAt ?? "", runId: basename(folder), session: join(folder) },
    env: process.env,
    search: codexSearch(),
    version: VERSION,
    signal: cancelOnSignals(),
  });
  return 0;
}
