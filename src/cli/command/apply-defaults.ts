import { resolve } from "node:path";
import { parseDuration } from "../../text/words.ts";
import type { Default } from "./defaults.ts";
import { sandboxMode } from "./sandbox-mode.ts";
import type { PlanFlags } from "./turn-options.ts";

/**
 * The flags of a command, completed by the defaults for where it works. `given` are those that were said: they win. A session has its own
 * model, effort and sandbox, which no default changes.
 */
export async function withDefaults<Flags extends PlanFlags>(
  flags: Flags,
  given: ReadonlySet<string>,
  cwd: string,
): Promise<Flags> {
  const { defaultsFor } = await import("./defaults.ts");
  const found = await defaultsFor(resolve(cwd, flags.workspace ?? "."));
  const timeOf = (name: string, one: Default | undefined, before: number) =>
    one === undefined || given.has(name) ? before : (parseDuration(one.value) ?? 0) / 1000;
  const times = {
    timeout: timeOf("timeout", found.timeout, flags.timeout),
    idleTimeout: timeOf("idleTimeout", found.idle_timeout, flags.idleTimeout),
    retryWindow: timeOf("retryWindow", found.retry_window, flags.retryWindow),
  };
  if (flags.session !== undefined) return { ...flags, ...times };
  const role = flags.role ?? found.role?.value;
  // A role has a sandbox and an effort of its own, which a default must not take from it.
  const leavesOpen = role === undefined && !flags.readOnly && !flags.fullAuto && flags.sandbox === undefined;
  const sandbox = leavesOpen && found.sandbox !== undefined ? sandboxMode(found.sandbox.value) : flags.sandbox;
  const reasoning = flags.reasoning ?? (role === undefined ? found.reasoning?.value : undefined);
  const model = flags.model ?? found.model?.value;
  return {
    ...{ ...flags, ...times },
    ...(role === undefined ? {} : { role }),
    ...(sandbox === undefined ? {} : { sandbox }),
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(model === undefined ? {} : { model }),
  };
}
