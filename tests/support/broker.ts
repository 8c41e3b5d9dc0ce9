import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { stopSession } from "../../src/broker/command/stop-session.ts";
import { type Asked, type Asking, type AskOptions, ask, startAsk } from "./ask.ts";
import { BROKER } from "./programs.ts";
import type { World } from "./world.ts";

/** `codex_broker` in a world. At the end of the scope every session is stopped, so that the world is left without processes. */
export interface Broker extends AsyncDisposable {
  /** Runs one command to its end. */
  (...args: readonly string[]): Promise<Asked>;
  with(options: AskOptions, ...args: readonly string[]): Promise<Asked>;
  /** Begins a command, for tests that do something to it meanwhile. */
  begin(...args: readonly string[]): Asking;
  /** Starts a session and returns its id; the command must have succeeded. */
  start(...args: readonly string[]): Promise<string>;
  folder(id: string): string;
  state(id: string): Promise<StateJson>;
  /** Every event of the session's journal that can be read. */
  events(id: string): Promise<readonly SessionEventJson[]>;
}

/** What tests look at in state.json. */
type StateJson = Readonly<Record<string, unknown>> & {
  readonly status: string;
  readonly last_run_status: string;
  readonly pending_count: number;
  readonly session_id: string | null;
  readonly worker_pid: number | null;
};

export interface SessionEventJson {
  readonly timestamp: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

export function brokerIn(world: World): Broker {
  const root = join(world.state, "sessions");
  const folder = (id: string) => join(root, id);
  const run = (args: readonly string[], options: AskOptions = {}) => ask(world, args, { ...options, program: BROKER });
  const command = (...args: readonly string[]) => run(args);
  return Object.assign(command, {
    with: (options: AskOptions, ...args: readonly string[]) => run(args, options),
    begin: (...args: readonly string[]) => startAsk(world, args, { program: BROKER }),
    folder,
    async start(...args: readonly string[]) {
      const started = await run(["start", ...args]);
      if (started.code !== 0) throw new Error(`start failed: ${started.stdout}${started.stderr}`);
      return started.keys["broker_id"] ?? "";
    },
    state: async (id: string) => JSON.parse(await readFile(join(folder(id), "state.json"), "utf8")) as StateJson,
    async events(id: string) {
      const text = await readFile(join(folder(id), "events.jsonl"), "utf8");
      return text.split("\n").flatMap((line) => parse(line) ?? []);
    },
    async [Symbol.asyncDispose]() {
      if ((await world.processes()).length === 0) return;
      const ids = await readdir(root).catch(() => []);
      const sessions = ids.filter((id) => !id.startsWith("."));
      // What stops a session needs no process; only of a damaged one does the program say what is the matter.
      await Promise.all(sessions.map((id) => stopSession(folder(id)).catch(() => run(["stop", id]))));
    },
  });
}

function parse(line: string): SessionEventJson | null {
  try {
    return JSON.parse(line) as SessionEventJson;
  } catch {
    return null;
  }
}
