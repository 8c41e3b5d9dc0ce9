import * as z from "zod/mini";
import type { AskPlan, PlanTarget } from "../../ask/model/plan.ts";
import { SANDBOX_MODES } from "../../codex/settings.ts";
import type { MessageOptions } from "./message-options.ts";

const sandboxMode = z.enum(SANDBOX_MODES);
const seconds = z.number();
const names = z.array(z.string());

/** What `start` was told: it holds for every message of the session, unless a message says otherwise for itself. */
export const sessionOptions = z.object({
  name: z.nullable(z.string()),
  /** An absolute real path. */
  workspace: z.string(),
  /** It was asked for, or the session is a new one; else Codex works where the thread did that it goes on with. */
  workspaceAsked: z.boolean(),
  model: z.nullable(z.string()),
  effort: z.nullable(z.string()),
  sandbox: z.object({ mode: z.nullable(sandboxMode), network: z.boolean(), addDirs: names }),
  /** As the flags were given: the original's state file tells them. */
  readOnly: z.boolean(),
  fullAuto: z.boolean(),
  approvals: z.enum(["never", "on-request"]),
  files: names,
  outputSchema: z.optional(z.unknown()),
  config: names,
  timeoutSeconds: seconds,
  idleTimeoutSeconds: seconds,
  retryWindowSeconds: seconds,
  checks: z.object({ expectFiles: names, verifyCommand: z.nullable(z.string()), verifyRounds: z.number() }),
  /** How long a worker without work keeps Codex warm. */
  lingerSeconds: seconds,
  /** After how long a worker ends, whatever it does; 0: never. */
  lifeSeconds: seconds,
  /** How long a question or an approval waits; 0: for ever. */
  answerSeconds: seconds,
  /** Which variables of the launching command Codex gets. Their values are never stored. */
  environment: z.object({ clean: z.boolean(), keep: names }),
  /** May write where another session writes. */
  sharedWorktree: z.boolean(),
  /** The managed worktree that the session works in, and what it is compared with. */
  worktree: z.nullable(z.object({ repository: z.string(), folder: z.string(), base: z.string() })),
  /** Where `start` was called for: names are looked up by it, and it differs from `workspace` with a managed worktree. */
  startedIn: z.string(),
  /** The thread that the session goes on with or branches off from. */
  from: z.nullable(z.object({ type: z.enum(["resume", "fork"]), threadId: z.string() })),
});

export type SessionOptions = z.infer<typeof sessionOptions>;

/** A message of the session as the plan of one run. */
export function planFor(options: SessionOptions, prompt: string, own: MessageOptions, target: PlanTarget): AskPlan {
  const { sandbox } = options;
  const mode = own.sandboxMode ?? sandbox.mode;
  // A sandbox that a message narrows for itself takes what only workspace-write can have with it.
  const narrowed = mode === "workspace-write" || mode === null ? sandbox : { network: false, addDirs: [] };
  return {
    prompt,
    files: [...options.files, ...own.files],
    images: own.images,
    target,
    workspace: options.workspaceAsked ? options.workspace : null,
    name: options.name,
    model: own.model ?? options.model,
    effort: own.effort ?? options.effort,
    sandbox: { ...narrowed, mode },
    role: own.role,
    approvals: options.approvals,
    outputSchema: options.outputSchema,
    config: options.config,
    limits: { totalMs: options.timeoutSeconds * 1000, idleMs: options.idleTimeoutSeconds * 1000 },
    retryWindowMs: options.retryWindowSeconds * 1000,
    checks: options.checks,
    outputPath: null,
    eventsPath: null,
  };
}
