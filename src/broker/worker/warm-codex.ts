import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { CodexSource, HeldCodex, OpenCodex, StartedCodex } from "../../ask/model/codex-source.ts";
import type { AskPlan } from "../../ask/model/plan.ts";
import type { StartContext } from "../../ask/model/start-context.ts";
import { holdThread } from "../../ask/model/thread-hold.ts";
import { startThread } from "../../ask/session/start-thread.ts";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { type CodexSearch, findCodex } from "../../codex/find-codex.ts";
import { endLeftCommands } from "../../codex/open-thread.ts";
import type { ServerExit } from "../../codex/server-exit.ts";
import { decideRequest } from "../../codex/server-requests.ts";
import { AskCodexError } from "../../errors.ts";
import type { RunPaths } from "../../files/state-paths.ts";
import type { EndOptions } from "../../process/end-processes.ts";
import type { Hold, Holder } from "../../process/hold.ts";
import type { ProcessEntry } from "../../process/table.ts";
import { giveWay } from "../command/give-way.ts";

// Codex ends a command within 75 ms of being asked to.
const CLEAN_LIMIT_MS = 400;
const CLEAN_POLL_MS = 10;

export interface WarmListener {
  /** Codex has ended while it was kept. */
  lost(exit: ServerExit): void;
  /** A turn was begun and its end has not been seen: what goes on in there is not known. */
  turnOpen(): boolean;
}

/** A Codex that is kept from one run to the next, with the thread open in it and held. */
export class WarmCodex implements CodexSource {
  readonly #state: string;
  readonly #owner: Holder;
  readonly #listener: WarmListener;
  #hold: { readonly threadId: string; readonly hold: Hold } | null = null;
  #codex: (HeldCodex & { readonly identity: string }) | null = null;
  #settled: Promise<readonly ProcessEntry[]> | null = null;

  constructor(state: string, owner: Holder, listener: WarmListener) {
    this.#state = state;
    this.#owner = owner;
    this.#listener = listener;
  }

  get pid(): number | null {
    return this.#codex?.server.pid ?? null;
  }

  /** Takes the thread before a run begins; false while another process works in it. */
  async reserve(threadId: string): Promise<boolean> {
    if (this.#codex?.threadId === threadId || this.#hold?.threadId === threadId) return true;
    try {
      this.#hold = {
        threadId,
        hold: await holdThread(this.#state, threadId, { own: this.#owner, askToYield: giveWay }),
      };
      return true;
    } catch (error) {
      if (error instanceof AskCodexError && error.kind === "session_busy") return false;
      throw error;
    }
  }

  async start(plan: AskPlan, context: StartContext, paths: RunPaths): Promise<StartedCodex> {
    this.#settled = null;
    const wanted = plan.target.type === "resume" ? plan.target.threadId : null;
    // A Codex that was upgraded meanwhile is another program: the thread goes on in the new one.
    const identity = await identityOf(context.search);
    if (this.#codex?.threadId === wanted && this.#codex?.identity === identity)
      return { opened: Promise.resolve(this.#codex) };
    await this.#end();
    const held = await this.#handOver(wanted);
    const { opened } = await startThread(plan, context, paths, held);
    return { opened: opened.then((codex) => this.#keep(codex, identity)) };
  }

  settle(codex: OpenCodex, how?: EndOptions): Promise<readonly ProcessEntry[]> {
    this.#settled ??= this.#settle(codex, how);
    return this.#settled;
  }

  /** The thread stays ours until `close`. */
  async release(): Promise<void> {}

  /** Ends Codex and gives the thread back. Resolves with what could not be ended. */
  async close(how?: EndOptions): Promise<readonly ProcessEntry[]> {
    const survivors = await this.#end(how);
    await this.#hold?.hold.release();
    this.#hold = null;
    return survivors;
  }

  #keep(codex: HeldCodex, identity: string): OpenCodex {
    this.#hold = { threadId: codex.threadId, hold: codex.hold };
    this.#codex = { ...codex, identity };
    void codex.server.exited.then((exit) => {
      if (this.#codex?.server !== codex.server) return;
      this.#codex = null;
      this.#listener.lost(exit);
    });
    return this.#codex;
  }

  async #settle({ server }: OpenCodex, how?: EndOptions): Promise<readonly ProcessEntry[]> {
    if (this.#codex?.server !== server) return server.end(how);
    // Between runs no one waits for anything.
    server.listen({
      // What Codex begins by itself between messages would work unseen: it is ended, and the next message starts another.
      notification: () => {
        if (!server.work.idle && this.#codex?.server === server) void this.#end();
      },
      request: (message) => {
        const decision = decideRequest(message);
        const response = decision.type === "answer" ? decision.response : { result: { answers: {} } };
        server.connection.respond(message.id, response);
      },
    });
    if (!this.#listener.turnOpen() && server.work.idle && ((await server.idle()) || (await this.#clean()))) return [];
    return this.#end(how);
  }

  /** Ends the commands that outlive their turn, an interrupted one's above all; true when none is left. */
  async #clean(): Promise<boolean> {
    if (this.#codex === null) return false;
    const { server, threadId } = this.#codex;
    endLeftCommands(server, threadId);
    const deadline = monotonicMs() + CLEAN_LIMIT_MS;
    while (monotonicMs() < deadline) {
      if (await server.idle()) return this.#codex !== null;
      await sleep(CLEAN_POLL_MS);
    }
    return false;
  }

  /** The hold on this thread, for the run that opens it; a hold on another thread is given back. */
  async #handOver(threadId: string | null): Promise<Hold | null> {
    const held = this.#hold;
    this.#hold = null;
    if (held?.threadId === threadId) return held?.hold ?? null;
    await held?.hold.release();
    return null;
  }

  async #end(how?: EndOptions): Promise<readonly ProcessEntry[]> {
    const codex = this.#codex;
    this.#codex = null;
    return codex === null ? [] : codex.server.end(how);
  }
}

/** Tells one installed Codex from the next at the same place. */
async function identityOf(search: CodexSearch): Promise<string> {
  const { program, args } = await findCodex(search);
  const { ino, mtimeMs, size } = await stat(program);
  return JSON.stringify([program, args, ino, mtimeMs, size]);
}
