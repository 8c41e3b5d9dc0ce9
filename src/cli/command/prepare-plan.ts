import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { AskPlan, PlanTarget, SandboxRequest } from "../../ask/model/plan.ts";
import type { Role } from "../../ask/prompt/role.ts";
import { resolvePlace } from "../../ask/session/resolve-settings.ts";
import { requirePlace } from "../../ask/session/state-reach.ts";
import { inBatches } from "../../bounds/in-batches.ts";
import { isSandboxOverride, type Sandbox } from "../../codex/settings.ts";
import { messageOf, UsageError } from "../../errors.ts";
import { parseShallowJson } from "../../files/json-line.ts";
import { readPlain } from "../../files/read-plain.ts";
import { callersEnvironment } from "../edge/environment.ts";
import { rootFolder } from "../edge/folders.ts";
import { requireAppendable, requireState, requireWritable } from "../edge/output-path.ts";
import { outputPlace } from "../edge/output-place.ts";
import { writeErr } from "../edge/stdio.ts";
import { file, filesToLookAt, folder, is, sandboxModeOf, sessionName, warnOfMissing } from "./flag-values.ts";
import { textAfterDashes } from "./line-faults.ts";
import { roleFrom } from "./role-flag.ts";
import type { PlanFlags } from "./turn-options.ts";

/**
 * Turns flags and task into a plan, and finds every fault that can be found without Codex.
 * @throws AskCodexError: nothing has been started by then, and nothing written
 */
export async function preparePlan(flags: PlanFlags, prompt: string, cwd: string, state: string): Promise<AskPlan> {
  refuseContradictions(flags);
  if (prompt.trim() === "") {
    const hint = swallowedBy(flags);
    throw new UsageError("Request text is empty. Pass a positional arg, --task, --prompt-file, or stdin.", hint);
  }
  await requireState(state);
  const workspace = flags.workspace === undefined ? null : await folder("Workspace", flags.workspace, cwd);
  const here = workspace ?? (await realpath(cwd));
  const target = await targetOf(flags, here, state);
  const record = target.type === "new" ? null : target.record;
  if (record !== null && workspace === null && !(await is(record.settings.cwd, "folder")))
    throw new UsageError(`The session's workspace is gone: ${record.settings.cwd}`, "Give it another with -w.");
  await refuseTooLarge(prompt);
  const role = await roleFrom(flags, workspace ?? record?.settings.cwd ?? here);
  const sandbox = sandboxRequest(flags, role, await folders("--add-dir", flags.addDir, cwd));
  // What the workspace holds may be a stranger's: no link in it may choose where we write.
  const place = workspace ?? record?.settings.cwd ?? here;
  const plan: AskPlan = {
    prompt,
    files: flags.file,
    images: await filesToLookAt("--image", flags.image, cwd),
    target,
    workspace: target.type === "new" ? here : workspace,
    name: flags.name === undefined ? null : sessionName(flags.name, `--name ${flags.name}`),
    model: flags.model ?? null,
    effort: flags.reasoning ?? role?.effort ?? null,
    sandbox,
    role: role && { name: role.name, frame: role.frame },
    approvals: "never",
    outputSchema: flags.outputSchema === undefined ? undefined : await readSchema(flags.outputSchema, cwd),
    config: flags.config.map(configOverride),
    limits: {
      totalMs: flags.timeout * 1000,
      idleMs: flags.idleTimeout * 1000,
      retryWindowMs: flags.retryWindow * 1000,
    },
    checks: {
      expectFiles: flags.expectFile,
      verifyCommand: flags.verifyCmd ?? null,
      verifyRounds: flags.verifyRounds,
      sandboxed: flags.sandboxChecks,
    },
    outputPath: flags.output === undefined ? null : outputPlace("--output", resolve(cwd, flags.output), place),
    eventsPath: flags.events === undefined ? null : outputPlace("--events", resolve(cwd, flags.events), place),
  };
  if (record !== null) await tellForgone(plan, record.settings.sandbox);
  if (target.type === "new" || record !== null)
    requirePlace(resolvePlace(plan, record?.settings ?? null), { state, sessions: rootFolder() }, callersEnvironment());
  if (plan.outputPath !== null && plan.outputPath === plan.eventsPath)
    throw new UsageError(`--output and --events name the same file: ${flags.output}`);
  if (plan.outputPath !== null) await requireWritable(plan.outputPath);
  if (plan.eventsPath !== null) await requireAppendable(plan.eventsPath);
  await warnOfMissing(flags.file, place);
  return plan;
}

/** What old sessions are read with is loaded for those alone. */
async function targetOf(flags: PlanFlags, here: string, state: string): Promise<PlanTarget> {
  if (flags.session === undefined) return { type: "new" };
  return (await import("./find-target.ts")).findTarget({ ...flags, session: flags.session }, here, state);
}

/** The session remembers what it was once allowed; that grants nothing. */
async function tellForgone({ sandbox }: AskPlan, { mode, network, writableRoots }: Sandbox): Promise<void> {
  const { forgone, withoutFlags } = await import("./wide-flags.ts");
  const once = { mode, network: network && mode === "workspace-write", addDirs: writableRoots };
  const kept = forgone({ ...sandbox, sandboxMode: sandbox.mode }, once);
  if (kept !== null) writeErr(`[codex] ${withoutFlags(kept)}\n`);
}

/** Which flag may have taken the task for its value. */
function swallowedBy(flags: PlanFlags): string | undefined {
  for (const [name, given] of Object.entries(flags)) {
    const value = [given].flat().find((one) => typeof one === "string" && /\s/.test(one.trim()));
    const flag = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value !== undefined) return `${flag} was given "${value}": is that the task?`;
  }
  return flags.file.length === 0 ? undefined : textAfterDashes("task");
}

function refuseContradictions(flags: PlanFlags): void {
  const { readOnly, network, addDir, fork, session, verifyRounds, keepEnv } = flags;
  if (readOnly && network) throw new UsageError("--read-only and --network contradict each other: drop one.");
  if (readOnly && addDir.length > 0) throw new UsageError("--read-only and --add-dir contradict each other: drop one.");
  const noName = keepEnv.find((name) => !/^[^=\0]+$/.test(name));
  if (noName !== undefined) throw new UsageError(`--keep-env ${noName} is not the name of a variable.`);
  if (fork && session === undefined) throw new UsageError("--fork needs --session: say which session to branch off.");
  const checked = flags.verifyCmd !== undefined || flags.expectFile.length > 0 || flags.outputSchema !== undefined;
  if (verifyRounds > 0 && !checked)
    throw new UsageError("--verify-rounds needs a check: add --verify-cmd or --expect-file.");
}

/** The narrowest flag wins, as ever (--read-only over --sandbox over --full-auto), and any of them over the role. */
function sandboxRequest(flags: PlanFlags, role: Role | null, addDirs: readonly string[]): SandboxRequest {
  return { mode: sandboxModeOf(flags) ?? role?.sandbox ?? null, network: flags.network, addDirs };
}

/** Codex counts code points, over all text items of a turn together; what we add beside the task it counts itself. */
const MAX_INPUT = 1_048_576;

async function refuseTooLarge(prompt: string): Promise<void> {
  if (prompt.length <= MAX_INPUT) return;
  const { length } = [...prompt];
  if (length > MAX_INPUT) throw (await import("../../codex/classify-problem.ts")).inputTooLarge(length, MAX_INPUT);
}

function configOverride(override: string): string {
  if (isSandboxOverride(override))
    throw new UsageError(`--config ${override} would change the sandbox.`, "Use --sandbox, --network and --add-dir.");
  if (/^[^=\s]+=/.test(override)) return override;
  throw new UsageError(`--config ${override} is not key=value.`);
}

async function readSchema(path: string, cwd: string): Promise<unknown> {
  const absolute = await file("--output-schema", path, cwd);
  let schema: unknown;
  try {
    schema = parseShallowJson(readPlain(absolute, { follow: true }));
  } catch (error) {
    const what = error instanceof SyntaxError ? "is not JSON" : "cannot be read";
    throw new UsageError(`--output-schema ${path} ${what}: ${messageOf(error)}`);
  }
  const { schemaFault } = await import("../../ask/prompt/answer-schema.ts");
  const fault = await schemaFault(schema);
  if (fault === null) return schema;
  throw new UsageError(
    `--output-schema ${path} is not a JSON Schema object that the answer can be held against: ${fault}`,
  );
}

async function folders(flag: string, paths: readonly string[], cwd: string): Promise<readonly string[]> {
  return inBatches(paths, (path) => folder(flag, path, cwd));
}
