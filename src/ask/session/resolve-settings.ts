import type { OpenThread } from "../../codex/open-thread.ts";
import { type ResolvedSettings, readSandbox, type Sandbox, type TurnSettings } from "../../codex/settings.ts";
import { UsageError } from "../../errors.ts";
import { realFolder } from "../../files/real-place.ts";
import type { AskPlan, SandboxRequest } from "../model/plan.ts";

/** The settings that a session goes by: the thread's own, and this turn's, which flags may change for once. */
export interface SessionSettings {
  readonly own: TurnSettings;
  readonly turn: TurnSettings;
}

/** Where a turn works and what it may write; the folder is null when only Codex knows it. */
export interface WorkingPlace {
  readonly cwd: string | null;
  readonly sandbox: Sandbox;
}

/** What is known of a thread: its record, or the last turn in Codex's own. */
type Known = TurnSettings | ResolvedSettings | null;

/**
 * The part of the settings that does not need Codex: flags first, then what the session had, then workspace-write.
 * @throws UsageError for flags that contradict the session's sandbox
 */
export function resolvePlace(plan: AskPlan, known: Known): WorkingPlace {
  const before = known === null ? null : fromKnown(known);
  return {
    cwd: plan.workspace ?? before?.cwd ?? null,
    sandbox: resolveSandbox(plan.sandbox, before?.sandbox ?? (plan.target.type === "new" ? null : READ_ONLY)),
  };
}

/**
 * Settles every setting of the turn. A new session takes model and effort as Codex resolved them from the user's configuration;
 * a resumed one takes all from what is known of it. Flags override that.
 */
export function resolveSettings(plan: AskPlan, known: Known, { answer, usersRoots }: OpenThread): SessionSettings {
  const before = known === null ? null : fromKnown(known);
  const { cwd, sandbox } = resolvePlace(plan, known);
  const asked: TurnSettings = {
    cwd: cwd ?? answer.cwd,
    sandbox,
    approvals: plan.approvals,
    model: plan.model ?? before?.model ?? answer.model,
    effort: plan.effort ?? (before === null ? (answer.reasoningEffort ?? null) : before.effort),
  };
  return { own: before ?? asked, turn: { ...asked, sandbox: withRoots(sandbox, usersRoots, asked.cwd) } };
}

/**
 * The folders that Codex will make writable: those of the user's configuration beside the turn's, which puts them into the
 * receipt; the workspace itself is not one of them.
 */
function withRoots(sandbox: Sandbox, roots: readonly string[], cwd: string): Sandbox {
  if (sandbox.mode !== "workspace-write") return sandbox;
  const all = new Set([...sandbox.writableRoots, ...roots]);
  all.delete(cwd);
  return { ...sandbox, writableRoots: [...all] };
}

/** What a thread may do if its own sandbox is unknown. */
const READ_ONLY: Sandbox = { mode: "read-only", network: false, writableRoots: [] };

function fromKnown(known: TurnSettings | ResolvedSettings): TurnSettings {
  if ("sandbox" in known) return known;
  const { cwd, sandboxPolicy, model, effort } = known;
  // A policy may have no word of ours (a managed profile).
  const sandbox = readSandbox(sandboxPolicy) ?? READ_ONLY;
  // Codex keeps the folder by the name that it was given.
  return { cwd: realFolder(cwd), sandbox, approvals: "never", model, effort: effort ?? null };
}

function resolveSandbox({ mode, network, addDirs }: SandboxRequest, before: Sandbox | null): Sandbox {
  // A record widens nothing: full access, the network and other folders come from a flag of this very command.
  const wanted = mode ?? (before?.mode === "read-only" ? "read-only" : "workspace-write");
  if (wanted !== "workspace-write") {
    const flag = network ? "--network" : addDirs.length > 0 ? "--add-dir" : null;
    if (flag !== null)
      throw new UsageError(
        `${flag} needs workspace-write, and this session is ${wanted}.`,
        `Drop ${flag}, or add --sandbox workspace-write.`,
      );
    return { mode: wanted, network: wanted === "danger-full-access", writableRoots: [] };
  }
  return { mode: wanted, network, writableRoots: [...new Set(addDirs)] };
}
