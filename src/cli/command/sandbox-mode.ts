import { SANDBOX_MODES, type SandboxMode } from "../../codex/settings.ts";
import { UsageError } from "../../errors.ts";

/** @throws UsageError that names the modes */
export function sandboxMode(mode: string): SandboxMode {
  const known = SANDBOX_MODES.find((one) => one === mode);
  if (known !== undefined) return known;
  throw new UsageError(`--sandbox ${mode} is unknown: use ${SANDBOX_MODES.join(", ")}.`);
}
