import * as z from "zod/mini";
import { AskCodexError, fileFault, UsageError } from "../../errors.ts";
import { readPlain } from "../../files/read-plain.ts";
import { parseYaml } from "../../files/yaml.ts";
import { isCovered } from "../../handoff/patterns/covered.ts";
import { pathPattern } from "../../handoff/patterns/patterns.ts";
import { schemaFaults } from "../../text/schema-faults.ts";
import type { Asks, Offer } from "../wire/offer.ts";

// From the least to the most.
const SANDBOXES = ["read-only", "workspace-write"] as const;

const listed = z.union([z.literal("any"), z.readonly(z.array(z.string()))], "is neither any nor a list of texts");

const schema = z.strictObject({
  sandbox: z._default(z.enum(SANDBOXES), "workspace-write"),
  network: z._default(z.boolean(), false),
  folders: z._default(listed, "any"),
  commands: z._default(listed, []),
  config: z._default(listed, []),
  models: z._default(listed, "any"),
  max_minutes: z._default(z.number().check(z.positive()), 120),
  remote: z.optional(z.string()),
});

/** What a worker lets a batch do. It is the worker's own, and no batch can widen it. */
export interface WorkerPolicy {
  /** The most that Codex's sandbox may allow. */
  readonly sandbox: (typeof SANDBOXES)[number];
  /** Whether Codex may reach the network. */
  readonly network: boolean;
  /** The folders and files of the repository, as globs, that tasks may write. */
  readonly folders: "any" | readonly string[];
  /** The set-up and check commands that may run outside of Codex's sandbox, word for word. */
  readonly commands: "any" | readonly string[];
  /** The overrides of Codex's configuration, word for word: one of them can start a program outside of the sandbox. */
  readonly config: "any" | readonly string[];
  readonly models: "any" | readonly string[];
  /** The longest limit of a turn, in seconds. */
  readonly timeout: number;
  /** Where git fetches the commits that do not come through the queue; null: from nowhere. */
  readonly remote: string | null;
}

/** The policy in a YAML file of the worker's owner; without a file what is safe anywhere. */
export function readWorkerPolicy(path: string | null): WorkerPolicy {
  const found = schema.safeParse(path === null ? {} : (parsed(path) ?? {}));
  if (!found.success) {
    const [fault] = schemaFaults(found.error.issues, Object.keys(schema.def.shape));
    throw new UsageError(`The worker's policy is not usable: ${path} (${fault?.what})`, fault?.fix);
  }
  const { max_minutes: minutes, remote = null, ...same } = found.data;
  return { ...same, timeout: minutes * 60, remote };
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
  if (offer.files.remote !== null && policy.remote === null)
    return "its files come from a git remote, and this worker has none";
  return excessOf(policy, offer);
}

/** What is more than the policy allows; null: nothing. */
export function excessOf(policy: WorkerPolicy, asks: Asks): string | null {
  if (!SANDBOXES.slice(0, SANDBOXES.indexOf(policy.sandbox) + 1).some((mode) => mode === asks.sandbox))
    return `it asks for the sandbox ${asks.sandbox}, and this worker allows ${policy.sandbox}`;
  if (asks.network && !policy.network) return "it asks for the network, and this worker allows none";
  if (asks.model !== null && policy.models !== "any" && !policy.models.includes(asks.model))
    return `it asks for the model ${asks.model}, and this worker allows ${policy.models.join(", ") || "none"}`;
  const folder = outsideOf(asks.writes, policy.folders);
  if (folder !== null) return `it may write ${folder}, and this worker allows ${folders(policy)}`;
  const command = unlisted(asks.commands, policy.commands);
  if (command !== undefined) return `it runs the command ${command}, which this worker does not allow`;
  const override = unlisted(asks.config, policy.config);
  if (override !== undefined) return `it sets ${override}, which this worker does not allow`;
  if (asks.timeout === 0) return `it has no time limit, and this worker allows ${policy.timeout} s`;
  if (asks.timeout > policy.timeout) return `it may take ${asks.timeout} s, and this worker allows ${policy.timeout} s`;
  return null;
}

/** The first of the globs that may name what none of those allowed does, in words; null: there is none. */
function outsideOf(asked: Asks["writes"], allowed: WorkerPolicy["folders"]): string | null {
  if (allowed === "any") return null;
  if (asked === null) return "any file";
  const patterns = allowed.flatMap((path) => [path, `${path.replace(/\/$/, "")}/**`]).map(pathPattern);
  return asked.find((glob) => !isCovered(pathPattern(glob), patterns)) ?? null;
}

const folders = ({ folders: allowed }: WorkerPolicy) => (allowed === "any" ? allowed : allowed.join(", ") || "none");

const unlisted = (asked: readonly string[], allowed: "any" | readonly string[]) =>
  asked.find((one) => allowed !== "any" && !allowed.includes(one));

/** The work itself asks for more than this worker allows, whatever its offer said. */
export class Refused extends AskCodexError {
  constructor(why: string) {
    super("usage", why);
  }
}
