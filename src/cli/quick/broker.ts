import { mayBeTerminal } from "../edge/stdio.ts";
import { WHOLE_ID } from "./own-session.ts";

/**
 * The commonest calls of `codex_broker` by their shortest ways: without commander, zod and whatever only other calls need. Null:
 * nothing was done and nothing was said, because something about the call or the session is out of the ordinary; the general way,
 * which knows them all, is gone then.
 */
export async function quickly([name, ...words]: readonly string[]): Promise<number | null> {
  const [id = "", ...more] = words;
  const ofAll = name === "list" || (name === "status" && words.length === 0);
  if ((!ofAll && !WHOLE_ID.test(id)) || mayBeTerminal()) return null;
  try {
    if (name === "list") return await (await import("./list.ts")).list(words);
    if (ofAll) return await (await import("./list.ts")).statusOfAll();
    if (name === "status" && more.length === 0) return await (await import("./status.ts")).status(id);
    if (name === "send") return await (await import("./send.ts")).send(id, more);
    return null;
  } catch (error) {
    return (await import("../output/report-error.ts")).reportError(error, false, `See codex_broker ${name} --help.`);
  }
}
