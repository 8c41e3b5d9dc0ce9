import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { timeLimit } from "../bounds/time-limit.ts";
import { AskCodexError } from "../errors.ts";
import { randomHex } from "../files/random-hex.ts";
import { forwardTo } from "./forward.ts";
import type { Machine } from "./machine.ts";
import { SERVE } from "./scripts.ts";
import { startThere } from "./ssh.ts";

/** An exec-server over there, and the only way to it. */
export interface Served {
  readonly url: string;
  /** What it wants to hear: its machine knows only the hash. */
  readonly token: string;
  /** Ends it, and the way. */
  close(): Promise<void>;
}

/**
 * Starts an exec-server in the folder of a run. `lose` is called when it, or the connection, ends before it is closed.
 * @throws AskCodexError when it does not start
 */
export async function serve(machine: Machine, runId: string, lose: () => void): Promise<Served> {
  const token = randomHex(32);
  const hash = createHash("sha256").update(token).digest("hex");
  const child = await startThere(machine, SERVE, [machine.folder, runId, machine.codex, hash]);
  const over = new AbortController();
  const onExit = () => {
    over.abort();
    lose();
  };
  child.on("error", onExit).on("exit", onExit);
  child.stderr.resume();
  const endChild = () => {
    child.removeListener("exit", onExit);
    child.stdin.end();
    child.kill();
  };
  try {
    const port = await portOf(machine, child.stdout, over.signal);
    createInterface(child.stdout).on("line", (line) => line === "exec-server ended" && lose());
    const forward = await forwardTo(machine, port, lose);
    return {
      ...{ url: forward.url, token },
      async close() {
        endChild();
        await forward.close();
      },
    };
  } catch (error) {
    endChild();
    throw error;
  }
}

const READY_MS = 30_000;

async function portOf({ name }: Machine, stdout: NodeJS.ReadableStream, over: AbortSignal): Promise<number> {
  const limit = timeLimit([over], READY_MS);
  try {
    return await new Promise((resolve, reject) => {
      const fail = () => reject(new AskCodexError("machine_lost", `on the machine ${name} no exec-server has started`));
      if (limit.signal.aborted) fail();
      limit.signal.addEventListener("abort", fail);
      const lines = createInterface(stdout);
      lines.on("line", (line) => {
        const port = /^ws:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1];
        if (port === undefined) return;
        lines.close();
        resolve(Number(port));
      });
    });
  } finally {
    limit.clear();
  }
}
