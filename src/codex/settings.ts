import type { SandboxPolicy } from "./messages.ts";

export const SANDBOX_MODES = ["read-only", "workspace-write", "danger-full-access"] as const;
export type SandboxMode = (typeof SANDBOX_MODES)[number];

export interface Sandbox {
  readonly mode: SandboxMode;
  /** Only workspace-write can grant it: read-only never has a network, full access always has. */
  readonly network: boolean;
  /** Absolute folders beside the workspace that may be written (workspace-write only). */
  readonly writableRoots: readonly string[];
}

/** All the settings of a turn. Codex keeps whatever a turn said for the next one, so every turn says everything. */
export interface TurnSettings {
  readonly cwd: string;
  readonly sandbox: Sandbox;
  readonly approvals: "never" | "on-request";
  readonly model: string;
  /** `null`: the model's own default. */
  readonly effort: string | null;
}

/** Settings as Codex reports them, in whichever message. */
export interface ResolvedSettings {
  readonly cwd: string;
  readonly sandboxPolicy: SandboxPolicy;
  readonly approvalPolicy: unknown;
  readonly model: string;
  readonly effort?: string | null | undefined;
}

/**
 * The fields of `turn/start` that carry the settings. `before` is the effort of the thread's last turn: Codex takes an effort
 * of null for "as before", so a single turn's effort is taken back by stating the collaboration mode, which can say null.
 */
export function turnParams(settings: TurnSettings, before: string | null) {
  const { cwd, sandbox, approvals, model, effort } = settings;
  const params = { cwd, approvalPolicy: approvals, sandboxPolicy: sandboxPolicy(sandbox), model };
  if (effort !== null || before === null) return { ...params, effort };
  const modeSettings = { model, reasoning_effort: null, developer_instructions: null };
  return { ...params, collaborationMode: { mode: "default", settings: modeSettings } };
}

function sandboxPolicy({ mode, network, writableRoots }: Sandbox) {
  switch (mode) {
    case "read-only":
      return { type: "readOnly", networkAccess: false };
    case "workspace-write":
      return {
        type: "workspaceWrite",
        writableRoots,
        networkAccess: network,
        excludeTmpdirEnvVar: false,
        excludeSlashTmp: false,
      };
    case "danger-full-access":
      return { type: "dangerFullAccess" };
  }
}

/** Our own words for a policy of Codex; null for a policy that we never ask for. */
export function readSandbox(policy: SandboxPolicy): Sandbox | null {
  const network = policy.networkAccess === true || policy.networkAccess === "enabled";
  switch (policy.type) {
    case "readOnly":
    case "read-only":
      return { mode: "read-only", network, writableRoots: [] };
    case "workspaceWrite":
    case "workspace-write":
      return { mode: "workspace-write", network, writableRoots: policy.writableRoots ?? [] };
    case "dangerFullAccess":
    case "danger-full-access":
      return { mode: "danger-full-access", network: true, writableRoots: [] };
    default:
      return null;
  }
}

/** What Codex resolved otherwise than asked, one sentence each; empty when it all holds. */
export function mismatches(asked: TurnSettings, resolved: ResolvedSettings): readonly string[] {
  const differs = (name: string, wanted: string, got: string) =>
    wanted === got ? [] : [`${name}: asked for ${wanted}, Codex uses ${got}`];
  return [
    ...differs("sandbox", describeSandbox(asked.sandbox), describePolicy(resolved.sandboxPolicy)),
    ...differs("workspace", asked.cwd, resolved.cwd),
    ...differs("approvals", asked.approvals, String(resolved.approvalPolicy)),
    ...differs("model", asked.model, resolved.model),
    // Left to the model, Codex reports nothing or what the model's default came to.
    ...(asked.effort === null ? [] : differs("effort", asked.effort, resolved.effort ?? "none")),
  ];
}

/** One line for people: `workspace-write, network, also /data`. */
export function describeSandbox({ mode, network, writableRoots }: Sandbox): string {
  if (mode !== "workspace-write") return mode;
  return [mode, ...(network ? ["network"] : []), ...[...writableRoots].sort().map((root) => `also ${root}`)].join(", ");
}

function describePolicy(policy: SandboxPolicy): string {
  const sandbox = readSandbox(policy);
  if (sandbox === null) return policy.type;
  return sandbox.mode === "read-only" && sandbox.network ? "read-only with network" : describeSandbox(sandbox);
}

/**
 * Whether an override of Codex's configuration speaks of its sandbox. The mode and the network are stated with each turn, so it would say
 * nothing; folders that it opened would stay open for every turn of a session, where a flag holds for the command that it is given to.
 */
export function isSandboxOverride(override: string): boolean {
  return /^\s*["']?(?:sandbox_mode|sandbox_workspace_write|sandbox_permissions|default_permissions|permissions)\b/.test(
    override,
  );
}
