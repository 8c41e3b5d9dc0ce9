import { basename } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { stateOf } from "../../broker/command/inspect-session.ts";
import { stopSession } from "../../broker/command/stop-session.ts";
import { sessionFolders, sessionPaths } from "../../broker/store/session-paths.ts";
import { UsageError } from "../../errors.ts";
import { sameTreeAs } from "../../workspace/git/same-tree.ts";
import { here, sessionFrom } from "../command/session-place.ts";
import { rootFolder } from "../edge/folders.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";

/** `codex_broker stop`: says that they are gone only after a look. */
export async function stop(id: string | undefined, { all }: { readonly all: boolean }): Promise<number> {
  if (all && id !== undefined) throw new UsageError("stop takes an id or --all, not both.");
  const folders = all ? await allHere() : [await sessionFrom("stop", id)];
  let left = 0;
  for (const folder of folders) {
    const { ended, survivors } = await stopSession(folder);
    left += survivors.length;
    writeOut(
      lines([
        ["broker_id", basename(folder)],
        ["status", "stopped"],
        ["worker", ended ? "ended" : "none"],
        ["survivors", survivors.join(",") || null],
      ]),
    );
  }
  return left > 0 ? 1 : 0;
}

async function allHere(): Promise<readonly string[]> {
  const inTree = sameTreeAs(await here());
  const folders = await sessionFolders(rootFolder());
  const states = await inBatches(folders, (folder) => stateOf(sessionPaths(folder)).catch(() => null));
  const chosen = await inBatches(states, async (state, index) => {
    const wanted = state !== null && state.status !== "stopped" && (await inTree(state.started_in));
    return wanted ? [folders[index] ?? ""] : [];
  });
  return chosen.flat();
}
