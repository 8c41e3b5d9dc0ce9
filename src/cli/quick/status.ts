import { printAtOnce } from "../edge/stdio.ts";
import { progressText, sessionText } from "../output/session-text.ts";
import { orNull } from "./or-null.ts";
import { ownSession } from "./own-session.ts";
import { usualSession } from "./usual-session.ts";

/** `codex_broker status` with a whole id. Null: something is out of the ordinary, and `broker/status.ts` says what. */
export async function status(id: string): Promise<number | null> {
  const now = await orNull(async () => {
    const folder = ownSession(id);
    return folder === null ? null : usualSession(folder);
  });
  if (now === null) return null;
  printAtOnce(sessionText(now) + progressText(now.state));
  return 0;
}
