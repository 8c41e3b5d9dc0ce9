import { rm } from "node:fs/promises";
import { oneLine } from "../ask/defuse.ts";
import { childEnvironment } from "../ask/environment.ts";
import { type CancelSignal, messageOf } from "../errors.ts";
import { Bell } from "./bell.ts";
import { handleRequest, type Serving } from "./handle-request.ts";
import { Inbox } from "./inbox.ts";
import type { Queued } from "./message.ts";
import { SessionAttendant } from "./session-attendant.ts";
import type { SessionLog } from "./session-log.ts";
import type { SessionPaths } from "./session-paths.ts";
import { SessionProgress } from "./session-progress.ts";
import { listenIn, type SocketServer } from "./socket-server.ts";
import { type RunContext, takeMessage } from "./take-message.ts";
import { WarmCodex } from "./warm-codex.ts";
import type { WorkerContext } from "./worker-context.ts";

// How often a thread is asked for that another process works in.
const BUSY_POLL_MS = 250;
// What watchers see of a turn that streams: more often nobody can read it.
const PUSH_MS = 200;

/** Runs the messages of a session one after the other, and answers commands, until it leaves. */
export class Worker {
  readonly #paths: SessionPaths;
  readonly #log: SessionLog;
  readonly #context: WorkerContext;
  readonly #attendant: SessionAttendant;
  readonly #progress: SessionProgress;
  readonly #codex: WarmCodex;
  readonly #inbox: Inbox;
  #run: AbortController | null = null;
  #leaving: string | null = null;
  readonly #bell = new Bell();
  #socket: SocketServer | null = null;
  #pushTimer: NodeJS.Timeout | undefined;
  #idleSince = performance.now();

  constructor(paths: SessionPaths, log: SessionLog, context: WorkerContext) {
    this.#paths = paths;
    this.#log = log;
    this.#context = context;
    this.#attendant = new SessionAttendant(log);
    this.#progress = new SessionProgress(log, () => this.#pushSoon());
    this.#codex = new WarmCodex(context.state, context.owner, {
      lost: () => this.#codexLost(),
      turnOpen: () => this.#progress.turnOpen,
    });
    log.codexPid = () => this.#codex.pid;
    this.#inbox = new Inbox(paths, log, this.#attendant, () => this.#run);
  }

  async run(): Promise<void> {
    const { signal, owner } = this.#context;
    const life = this.#log.state.options.lifeSeconds * 1000;
    const lifeTimer =
      life > 0 ? setTimeout(() => this.#leave("life limit", "SIGTERM"), Math.min(life, 2 ** 31 - 1)) : undefined;
    signal.addEventListener("abort", () => this.#leave(String(signal.reason), signal.reason as CancelSignal));
    this.#log.onPublish((state) => this.#socket?.push({ state, live: this.#progress.live() }));
    this.#log.record("worker_started", { pid: owner.pid });
    if (this.#log.state.queueHeld) this.#log.record("queue_released", {});
    await rm(this.#paths.stop, { force: true });
    this.#log.say("Worker online");
    await this.#log.publish();
    const serving = this.#serving();
    try {
      do {
        this.#socket = await listenIn(this.#paths.folder, (request) => handleRequest(request, serving));
        await this.#work();
        await this.#socket.close();
        // What came in the last moment, before nobody could be told any more, is not left lying.
      } while (this.#leaving === "linger" && (await this.#inbox.next()) !== null && this.#stay());
    } finally {
      clearTimeout(lifeTimer);
      clearTimeout(this.#pushTimer);
      await this.#codex.close(this.#leaving !== "linger");
      this.#log.record("worker_stopped", { reason: this.#leaving ?? "failed" });
      this.#log.say("Worker stopping");
      await this.#log.publish();
    }
  }

  async #work(): Promise<void> {
    while (this.#leaving === null) {
      const message = await this.#next();
      if (message !== null) {
        await this.#take(message);
        this.#idleSince = performance.now();
        continue;
      }
      const left = this.#idleSince + this.#log.state.options.lingerSeconds * 1000 - performance.now();
      if (left <= 0) this.#leave("linger", null);
      else await this.#bell.heard(left);
    }
  }

  /** The next message to run; null when there is none, or none can run now. */
  async #next(): Promise<Queued | null> {
    const head = await this.#inbox.next();
    if (head === null) return null;
    const { threadId } = this.#log.state;
    if (threadId === null || (await this.#codex.reserve(threadId))) return head;
    // Another process works in the thread: it is not waited for in vain.
    this.#idleSince = performance.now();
    await this.#bell.heard(BUSY_POLL_MS);
    return null;
  }

  async #take(message: Queued): Promise<void> {
    const run = new AbortController();
    this.#run = run;
    this.#progress.begin();
    this.#attendant.unanswered = false;
    try {
      await takeMessage(
        message,
        this.#log,
        this.#paths,
        this.#runContext(run.signal),
        () => this.#attendant.unanswered,
      );
    } finally {
      this.#run = null;
      this.#attendant.ended();
      this.#progress.finish();
    }
    await rm(message.file, { force: true });
    await this.#log.publish();
  }

  #runContext(signal: AbortSignal): RunContext {
    const { env, ...given } = this.#context;
    return {
      ...given,
      home: this.#paths.folder,
      codex: this.#codex,
      attendant: this.#attendant,
      askToYield: async () => false,
      env: childEnvironment(env, this.#log.state.options.environment),
      signal,
      progress: this.#progress,
    };
  }

  #serving(): Serving {
    return {
      paths: this.#paths,
      log: this.#log,
      attendant: this.#attendant,
      inbox: this.#inbox,
      status: async () => ({ state: await this.#log.snapshot(), live: this.#progress.live() }),
      wake: () => {
        this.#bell.ring();
        void this.#log.publish();
      },
      stop: () => this.#leave("stop", "SIGTERM"),
      giveWay: async () => {
        const idle = this.#run === null && (await this.#inbox.next()) === null;
        if (idle) await this.#codex.close(false);
        return idle;
      },
    };
  }

  #leave(why: string, cancel: CancelSignal | null): void {
    this.#leaving ??= why;
    if (cancel !== null) this.#run?.abort(cancel);
    this.#bell.ring();
  }

  #stay(): true {
    this.#leaving = null;
    return true;
  }

  #codexLost(): void {
    try {
      this.#log.record("codex_lost", { message: "the app-server ended; the next run starts another" });
      this.#log.say("Codex has ended by itself; the next run starts another");
    } catch (error) {
      this.#leave(`failed: ${oneLine(messageOf(error), 200)}`, "SIGTERM");
    }
  }

  #pushSoon(): void {
    if (this.#socket?.watched !== true || this.#pushTimer !== undefined) return;
    this.#pushTimer = setTimeout(() => {
      this.#pushTimer = undefined;
      void this.#log.tell();
    }, PUSH_MS);
  }
}
