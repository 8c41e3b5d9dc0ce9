import { AskCodexError, isErrno } from "../errors.ts";
import type { ServerExit } from "./app-server.ts";

/** The app-server ended while it was needed. */
export function serverGone(exit: ServerExit): AskCodexError {
  const { code, signal, error } = exit;
  if (error !== null) {
    const missing = isErrno(error, "ENOENT", "EACCES", "ENOEXEC");
    return new AskCodexError(missing ? "codex_missing" : "protocol", `Codex could not be started: ${error.message}`);
  }
  // A launcher reports its child's death by SIGKILL as 137.
  if (signal === "SIGKILL" || code === 137) return new AskCodexError("codex_killed", "Codex was killed");
  return new AskCodexError("protocol", `Codex ${howItWent(exit)} in the middle of its work`);
}

/** `exited with code 1`, to be put after "Codex". */
export function howItWent({ code, signal }: ServerExit): string {
  if (signal !== null) return `was ended by ${signal}`;
  return code === null ? "closed its connection" : `exited with code ${code}`;
}
