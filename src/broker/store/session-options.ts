import * as z from "zod/mini";
import { type AskPlan, type PlanTarget, storedPlan } from "../../ask/model/plan.ts";
import { isSandboxOverride } from "../../codex/settings.ts";
import { orchestrationOptions } from "../../orchestrate/queue/options.ts";
import { formerPlan, planOfFormer } from "./former-options.ts";
import type { MessageOptions } from "./message-options.ts";

const seconds = z.number();

/** What a session has beside its plan. */
const beside = {
  /** An absolute real path. */
  workspace: z.string(),
  /** It was asked for, or the session is a new one; else Codex works where the thread did that it goes on with. */
  workspaceAsked: z.boolean(),
  /** As the flags were given: the original's state file has them. */
  readOnly: z.boolean(),
  fullAuto: z.boolean(),
  /** How long a worker without work keeps Codex warm. */
  lingerSeconds: seconds,
  /** After how long a worker ends, whatever it does; 0: never. */
  lifeSeconds: seconds,
  /** How long a question or an approval waits; 0: for ever. */
  answerSeconds: seconds,
  /** Which variables of the launching command Codex gets. Their values are never stored. */
  environment: z.object({ clean: z.boolean(), keep: z.readonly(z.array(z.string())) }),
  /** May write where another session writes. */
  sharedWorktree: z.boolean(),
  /** The managed worktree that the session works in, and what it is compared with. */
  worktree: z.nullable(z.object({ repository: z.string(), folder: z.string(), base: z.string() })),
  /** Where `start` was called for: names are looked up by it, and it differs from `workspace` with a managed worktree. */
  startedIn: z.string(),
  /** Codex leads, and hands the work on; null: it works itself. */
  orchestration: z._default(z.nullable(orchestrationOptions), null),
  /** The thread that the session goes on with or branches off from. */
  from: z.nullable(z.object({ type: z.enum(["resume", "fork"]), threadId: z.string() })),
};

/** The options of `start`: they hold for every message of the session, unless a message says otherwise for itself. */
const current = z.object({ plan: storedPlan, ...beside });

export type SessionOptions = z.infer<typeof current>;

const former = z.pipe(
  z.object({ ...formerPlan.shape, ...beside }),
  z.transform((options): SessionOptions => current.parse({ ...options, plan: planOfFormer(options) })),
);

/** The options as a journal has them, also one of an earlier version. */
export const sessionOptions = z.union([current, former]);

/** A message of the session as the plan of one run. */
export function planFor(
  { plan, workspace, workspaceAsked }: SessionOptions,
  prompt: string,
  own: MessageOptions,
  target: PlanTarget,
): AskPlan {
  const { sandboxMode, network, addDirs } = own;
  // What `start` was given beyond the workspace is remembered, and given to no other message.
  const kept = plan.sandbox.mode === "danger-full-access" ? "workspace-write" : plan.sandbox.mode;
  return {
    ...plan,
    prompt,
    files: [...plan.files, ...own.files],
    images: own.images,
    // No record opens folders: what an earlier version took, or a hand has put there, is left out.
    config: plan.config.filter((override) => !isSandboxOverride(override)),
    target,
    workspace: workspaceAsked ? workspace : null,
    model: own.model ?? plan.model,
    effort: own.effort ?? plan.effort,
    sandbox: { mode: sandboxMode ?? kept, network, addDirs },
    role: own.role,
    outputPath: null,
    eventsPath: null,
  };
}
