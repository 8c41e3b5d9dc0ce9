import * as z from "zod/mini";
import { fileFault, UsageError } from "../../errors.ts";
import { readPlain } from "../../files/read-plain.ts";
import { parseYaml } from "../../files/yaml.ts";
import type { Offer } from "../wire/offer.ts";

const SANDBOXES = ["read-only", "workspace-write"] as const;

const schema = z.strictObject({
  sandbox: z._default(z.enum(SANDBOXES), "workspace-write"),
  network: z._default(z.boolean(), false),
  commands: z._default(z.union([z.literal("any"), z.readonly(z.array(z.string()))]), []),
  models: z._default(z.union([z.literal("any"), z.readonly(z.array(z.string()))]), "any"),
  max_minutes: z._default(z.number().check(z.positive()), 120),
  remote: z.optional(z.string()),
});

/** What a worker lets a batch do. It is the worker's own, and no batch can widen it. */
export interface WorkerPolicy {
  /** The most that Codex's sandbox may allow. */
  readonly sandbox: Offer["sandbox"];
  /** Whether Codex may reach the network. */
  readonly network: boolean;
  /** The set-up and check commands that may run outside of Codex's sandbox, word for word. */
  readonly commands: "any" | readonly string[];
  readonly models: "any" | readonly string[];
  /** How long a task may take, in seconds. */
  readonly timeout: number;
  /** Where git fetches the commits that do not come through the queue; null: from nowhere. */
  readonly remote: string | null;
}

/** The policy in a YAML file of the worker's owner; without a file what is safe anywhere. */
export function readWorkerPolicy(path: string | null): WorkerPolicy {
  const found = schema.safeParse(path === null ? {} : (parsed(path) ?? {}));
  if (!found.success) {
    const [issue] = found.error.issues;
    throw new UsageError(
      `The worker's policy is not usable: ${path} (${issue?.path.join(".")}: ${issue?.message})`,
      "Fix the file, or name another.",
    );
  }
  const { sandbox, network, commands, models, max_minutes: minutes, remote = null } = found.data;
  return { sandbox, network, commands, models, timeout: minutes * 60, remote };
}

function parsed(path: string): unknown {
  try {
    return parseYaml(readPlain(path, { follow: true }));
  } catch (error) {
    throw new UsageError(
      `The worker's policy cannot be read: ${path} (${fileFault(error)})`,
      "Fix the file, or name another.",
    );
  }
}

/** Why this worker does not carry out the offer; null: it does. */
export function refusalOf(policy: WorkerPolicy, offer: Offer, now: number): string | null {
  if (now > offer.expires) return "it has expired";
  if (SANDBOXES.indexOf(offer.sandbox) > SANDBOXES.indexOf(policy.sandbox))
    return `it asks for the sandbox ${offer.sandbox}, and this worker allows ${policy.sandbox}`;
  if (offer.network && !policy.network) return "it asks for the network, and this worker allows none";
  if (offer.model !== null && policy.models !== "any" && !policy.models.includes(offer.model))
    return `it asks for the model ${offer.model}, and this worker allows ${policy.models.join(", ") || "none"}`;
  const command = offer.commands.find((one) => policy.commands !== "any" && !policy.commands.includes(one));
  if (command !== undefined) return `it runs the command ${command}, which this worker does not allow`;
  if (offer.timeout > policy.timeout)
    return `it may take ${offer.timeout} s, and this worker allows ${policy.timeout} s`;
  if (offer.files.remote !== null && policy.remote === null)
    return "its files come from a git remote, and this worker has none";
  return null;
}
