import { UsageError } from "../../errors.ts";
import { stateFault } from "../../files/state-fault.ts";

/**
 * Makes sure that nothing in a state folder is another user's word.
 * @throws UsageError
 */
export function requireTrusted(state: string): void {
  const fault = faultOf(state);
  if (fault === null) return;
  const hint = "Set ASK_CODEX_HOME to a folder of your own that no other user can write.";
  throw new UsageError(`The state folder cannot be trusted: ${state} (${fault}).`, hint);
}

/** A folder that cannot be read cannot be used either, and the attempt says why. */
function faultOf(state: string): string | null {
  try {
    return stateFault(state);
  } catch (error) {
    if (error instanceof Error && "code" in error) return null;
    throw error;
  }
}
