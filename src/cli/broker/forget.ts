import { forgetSession } from "../../broker/command/clean-state.ts";
import { AskCodexError, UsageError } from "../../errors.ts";
import { sessionFrom } from "../command/session-place.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";

/** `codex_broker forget`: removes one session. It must be named: what is removed is gone. */
export async function forget(id: string | undefined): Promise<number> {
  if (id === undefined) throw new UsageError("forget requires a broker id.", "See codex_broker forget --help.");
  const folder = await sessionFrom("forget", id);
  const reason = await forgetSession(folder);
  if (reason !== null)
    throw new AskCodexError("session_busy", `The session stays: ${reason}`, {
      hint: "codex_broker stop ends its worker, resume carries out what waits, apply brings the changes of its worktree home.",
    });
  writeOut(lines([["removed", folder]]));
  return 0;
}
