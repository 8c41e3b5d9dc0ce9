import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { logLines } from "../line-log.ts";
import { CLAUDE_NEWEST } from "../versions.ts";
import type { World } from "../world.ts";
import { claudeBin } from "./claude-code.ts";
import { type MessagesApi, type Step, startMessagesApi } from "./messages-api.ts";

export interface ClaudeOptions {
  readonly prompt: string;
  /** What the model answers, request by request. */
  readonly script: readonly Step[];
  /** Out of CLAUDE_VERSIONS. */
  readonly version?: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** How a run of `claude -p` ended. */
export interface ClaudeEnd {
  readonly code: number | null;
  /** The lines of stream-json. */
  readonly events: readonly StreamEvent[];
  /** The last answer. */
  readonly answer: string | undefined;
  /** What Claude Code did not let the model do. */
  readonly denials: readonly unknown[];
  readonly stderr: string;
  readonly api: MessagesApi;
}

type StreamEvent = Readonly<Record<string, unknown>> & { readonly type: string };

export interface Claude extends AsyncDisposable {
  readonly child: ChildProcess;
  readonly api: MessagesApi;
  /** Rejects when the script did not fit what Claude Code did. */
  readonly done: Promise<ClaudeEnd>;
}

/** Runs `claude -p` in the world's workspace to its end. */
export async function runClaude(world: World, options: ClaudeOptions): Promise<ClaudeEnd> {
  await using claude = await startClaude(world, options);
  return await claude.done;
}

/** Starts it, for tests that do something to it meanwhile. At the end of the scope it is killed if it is still there. */
export async function startClaude(world: World, options: ClaudeOptions): Promise<Claude> {
  const { prompt, script, version = CLAUDE_NEWEST, flags = [], env = {} } = options;
  const api = await startMessagesApi(script);
  const temp = join(world.temp, "claude");
  await mkdir(temp, { recursive: true, mode: 0o700 });
  const child = spawn(claudeBin(version), ["-p", prompt, "--output-format", "stream-json", "--verbose", ...flags], {
    cwd: world.workspace,
    env: { ...world.env, ...OFFLINE, CLAUDE_CODE_TMPDIR: temp, ANTHROPIC_BASE_URL: api.url, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = [logLines(child.stdout as Readable), logLines(child.stderr as Readable)];
  const ended = once(child, "close");
  const done = ended.then(([code]): ClaudeEnd => {
    const events = parseEvents(stdout.text());
    if (api.faults.length > 0) throw new Error(`${api.faults.join("\n")}\n\n${stdout.text()}${stderr.text()}`);
    const result = events.findLast(({ type }) => type === "result");
    return {
      ...{ code, events, stderr: stderr.text(), api },
      answer: result?.["result"] as string | undefined,
      denials: (result?.["permission_denials"] as readonly unknown[] | undefined) ?? [],
    };
  });
  done.catch(() => undefined);
  return {
    ...{ child, api, done },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended.catch(() => undefined);
      await api[Symbol.asyncDispose]();
    },
  };
}

/** Nothing of it asks anything of the network. */
export const OFFLINE = {
  TERM: "dumb",
  ANTHROPIC_API_KEY: "scripted",
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  DISABLE_TELEMETRY: "1",
  DISABLE_ERROR_REPORTING: "1",
  DISABLE_AUTOUPDATER: "1",
} as const;

function parseEvents(stdout: string): readonly StreamEvent[] {
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((line) => JSON.parse(line) as StreamEvent);
}
