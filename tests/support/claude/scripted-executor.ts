import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { DelegationRequest } from "../../../src/orchestrate/request/schema.ts";
import { CLAUDE_NEWEST } from "../versions.ts";
import type { World } from "../world.ts";
import { OFFLINE } from "./claude.ts";
import { claudeBin } from "./claude-code.ts";
import { type Delegated, type Differing, delegate } from "./delegations.ts";
import { type MessagesApi, type Step, startMessagesApi, use } from "./messages-api.ts";

export interface Scripted extends Differing {
  readonly script: readonly Step[];
  readonly version?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Delegates to a real Claude Code whose model answers by a script. */
export async function delegateScripted(
  world: World,
  request: DelegationRequest,
  { script, version = CLAUDE_NEWEST, env = {}, claude, ...differs }: Scripted,
): Promise<Delegated & { readonly api: MessagesApi }> {
  const api = await startMessagesApi(script);
  try {
    const own = { ...(await executorEnv(world, api.url)), ...env };
    const delegated = await delegate(world, request, {
      ...differs,
      claude: { command: claudeBin(version), env: own, ...claude },
    });
    if (api.faults.length > 0) throw new Error(`${api.faults.join("\n")}\n${JSON.stringify(delegated.outcome)}`);
    return { ...delegated, api };
  } finally {
    await api[Symbol.asyncDispose]();
  }
}

/** What the caller of a delegation has in its environment, of a Claude Code that is logged in to the scripted model. */
export async function executorEnv(world: World, url: string): Promise<Readonly<Record<string, string>>> {
  const temp = join(world.temp, "claude");
  await mkdir(temp, { recursive: true, mode: 0o700 });
  return { ...world.env, ...OFFLINE, CLAUDE_CODE_TMPDIR: temp, ANTHROPIC_BASE_URL: url };
}

/** The steps of an edit: a file must be read first. */
export function edit(world: World, path: string, from: string, to: string): readonly Step[] {
  const file_path = join(world.workspace, path);
  return [use("Read", { file_path }), use("Edit", { file_path, old_string: from, new_string: to })];
}

/** How the executor closes. */
export function close(status: "DONE" | "BLOCKED" | "PARTIAL", notes = "All is said."): Step {
  return use("StructuredOutput", { status, notes });
}
