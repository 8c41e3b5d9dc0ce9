import { stat } from "node:fs/promises";
import * as z from "zod/mini";
import { isErrno } from "../errors.ts";
import { parseJson } from "../files/json-line.ts";
import { readPlainFrom } from "../files/read-plain.ts";
import type { CommandRun } from "./command-run.ts";
import { saysNeverApprovedFirst } from "./sentences.ts";
import { type Declined, UNATTENDED } from "./server-requests.ts";
import type { ResolvedSettings } from "./settings.ts";

/**
 * Codex's own record of a thread (`thread.path`, one JSON object a line). It has two things that no event has: the
 * settings each turn really ran with, and commands that the sandbox refused at once.
 */
export interface RolloutPart {
  /** The last `turn_context` in the part, whichever turn it belongs to. */
  readonly settings: ResolvedSettings | null;
  /** The settings of each turn, by its id. */
  readonly ofTurns: ReadonlyMap<string, ResolvedSettings>;
  /** Shell commands that were called and refused, with the output the model was given. */
  readonly calls: readonly RolloutCall[];
}

interface RolloutCall {
  readonly id: string;
  /** The turn it belongs to; null when the part begins in the middle of it. */
  readonly turnId: string | null;
  readonly command: string;
  readonly output: string;
}

/** The size of the rollout now, in bytes: what comes after belongs to the next turn. 0 when there is none yet. */
export async function rolloutSize(path: string | null): Promise<number> {
  if (path === null) return 0;
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return 0;
    throw error;
  }
}

/** Reads the rollout from a byte offset on. A missing file, a torn line or an unknown one says nothing and does no harm. */
export async function readRollout(path: string | null, from: number): Promise<RolloutPart> {
  const text = path === null ? "" : await readFrom(path, from);
  const calls = new Map<string, RolloutCall>();
  const ofTurns = new Map<string, ResolvedSettings>();
  let settings: ResolvedSettings | null = null;
  let turnId: string | null = null;
  for (const line of text.split("\n")) {
    // Most of the file is of no use here, and some lines hold megabytes: look before parsing.
    if (!WANTED.test(line.slice(0, 400))) continue;
    const parsed = rolloutLine.safeParse(parseJson(line));
    if (!parsed.success) continue;
    const { payload } = parsed.data;
    switch (payload.type) {
      case "turn_context":
        settings = toSettings(payload);
        turnId = payload.turn_id ?? null;
        if (turnId !== null) ofTurns.set(turnId, settings);
        break;
      case "function_call": {
        const command = commandOf(payload.arguments);
        if (command !== null) calls.set(payload.call_id, { id: payload.call_id, turnId, command, output: "" });
        break;
      }
      case "function_call_output": {
        const call = calls.get(payload.call_id);
        if (call) calls.set(call.id, { ...call, output: outputText(payload.output) });
        break;
      }
    }
  }
  return { settings, ofTurns, calls: [...calls.values()] };
}

/**
 * The commands with their output as the model was given it, where the item of one has less: Codex ends an item when the process has
 * ended, which may be before it has read the last words from the pipe.
 */
export function withRecordedOutput(part: RolloutPart, commands: readonly CommandRun[]): readonly CommandRun[] {
  const recorded = new Map(part.calls.map(({ id, output }) => [id, printedOf(output).outputTail]));
  return commands.map((command) => {
    const outputTail = recorded.get(command.id) ?? "";
    return outputTail.length > command.outputTail.length ? { ...command, outputTail } : command;
  });
}

/** Commands the model called that left no item behind: the sandbox refused them before they could run. */
export function refusedCommands(part: RolloutPart, known: readonly CommandRun[]): readonly CommandRun[] {
  const seen = new Set(known.map(({ id }) => id));
  return part.calls.flatMap(({ id, command, output }): CommandRun[] => {
    const { exitCode, outputTail } = printedOf(output);
    if (seen.has(id) || exitCode === undefined) return [];
    const common = { id, command, cwd: "", exitCode: Number(exitCode), durationMs: null, readOnly: false, outputTail };
    return [{ ...common, status: exitCode === "0" ? "completed" : "refused" }];
  });
}

/** Codex's own header comes first, then the command's words, which may be anything. */
function printedOf(output: string): { readonly exitCode: string | undefined; readonly outputTail: string } {
  const [header = "", ...printed] = output.split(/^Output:\n/m);
  const exitCode = /^Process exited with code (-?\d+)$/m.exec(header)?.[1];
  return { exitCode, outputTail: printed.join("Output:\n").slice(-OUTPUT_TAIL) };
}

/** Calls to leave the sandbox that Codex turned down without asking us, as it does where approvals are `never`. */
export function declinedCalls(part: RolloutPart): readonly Declined[] {
  const declined = part.calls.filter(({ output }) => saysNeverApprovedFirst(output));
  return declined.map(({ command }) => ({ what: `run outside the sandbox: ${command}`, reason: UNATTENDED }));
}

const OUTPUT_TAIL = 2_000;
const WANTED = /"type":"(?:turn_context|function_call|function_call_output)"/;

const rolloutLine = z.pipe(
  z.pipe(
    z.object({ type: z.string(), payload: z.looseObject({ type: z.optional(z.string()) }) }),
    // `turn_context` is a line type, calls are payload types of `response_item`: one tag for both.
    z.transform(({ type, payload }) => ({ payload: type === "turn_context" ? { ...payload, type } : payload })),
  ),
  z.object({
    payload: z.discriminatedUnion("type", [
      z.object({
        type: z.literal("turn_context"),
        turn_id: z.nullish(z.string()),
        cwd: z.string(),
        approval_policy: z.unknown(),
        model: z.string(),
        effort: z.nullish(z.string()),
        sandbox_policy: z.looseObject({
          type: z.string(),
          network_access: z.nullish(z.union([z.boolean(), z.string()])),
          writable_roots: z.nullish(z.array(z.string())),
        }),
      }),
      z.object({ type: z.literal("function_call"), call_id: z.string(), arguments: z.string() }),
      z.object({ type: z.literal("function_call_output"), call_id: z.string(), output: z.unknown() }),
    ]),
  }),
);

type TurnContext = Extract<z.infer<typeof rolloutLine>["payload"], { type: "turn_context" }>;

function toSettings({ cwd, approval_policy, model, effort, sandbox_policy }: TurnContext): ResolvedSettings {
  const { type, network_access, writable_roots } = sandbox_policy;
  const sandboxPolicy = { type, networkAccess: network_access, writableRoots: writable_roots };
  return { cwd, approvalPolicy: approval_policy, model, effort, sandboxPolicy };
}

/** The command of a shell tool call: `exec_command` says `cmd`, the older `shell` says `command`. */
function commandOf(args: string): string | null {
  const parsed = shellArguments.safeParse(parseJson(args));
  if (!parsed.success) return null;
  const { cmd, command } = parsed.data;
  return cmd ?? (Array.isArray(command) ? command.join(" ") : (command ?? null));
}

const shellArguments = z.object({
  cmd: z.optional(z.string()),
  command: z.optional(z.union([z.string(), z.array(z.string())])),
});

function outputText(output: unknown): string {
  return typeof output === "string" ? output : JSON.stringify(output);
}

async function readFrom(path: string, from: number): Promise<string> {
  try {
    return readPlainFrom(path, from);
  } catch (error) {
    if (isErrno(error, "ENOENT", "EACCES")) return "";
    throw error;
  }
}
