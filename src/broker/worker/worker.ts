import { rm } from "node:fs/promises";
import { monotonicMs } from "../../bounds/monotonic.ts";
import { oneAtATime } from "../../bounds/one-at-a-time.ts";
import { LONGEST_MS } from "../../bounds/time-limit.ts";
import { type CancelSignal, messageOf } from "../../errors.ts";
import { childEnvironment } from "../../process/environment.ts";
import { oneLine } from "../../text/defuse.ts";
import { listenIn, type SocketServer } from "../socket/server.ts";
import type { Queued } from "../store/message.ts";
import type { SessionLog } from "../store/session-log.ts";
import type { SessionPaths } from "../store/session-paths.ts";
import { Bell } from "./bell.ts";
import type { WorkerContext } from "./context.ts";
import { handleRequest } from "./handle-request.ts";
import { Inbox } from "./inbox.ts";
import type { Leading } from "./leading.ts";
import { Words } from "./obey-word.ts";
import { runContextOf } from "./run-context.ts";
import type { Serving } from "./serving.ts";
import { SessionAttendant } from "./session-attendant.ts";
import { SessionProgress } from "./session-progress.ts";
import { takeMessage } from "./take-message.ts";
import { Throttle } from "./throttle.ts";
import { WarmCodex } from "./warm-codex.ts";

// How often a thread is asked for that another process works in.
const BUSY_POLL_MS = 250;
const PUSH_MS = 200; // of a turn that streams: more often no one can read it

/** Runs the messages of a session one after the other, and answers commands, until it leaves. */
export class Worker {
  readonly #paths: SessionPaths;
  readonly #log: SessionLog;
  readonly #context: WorkerContext;
  readonly #attendant: SessionAttendant;
  readonly #progress: SessionProgress;
  readonly #codex: WarmCodex;
  readonly #inbox: Inbox;
  readonly #words = new Words();
  /** Of an orchestration. */
  #leading: Leading | null = null;
  #run: AbortController | null = null;
  #leaving: string | null = null;
  readonly #bell = new Bell();
  /** Choosing the next message and letting go of the thread. */
  readonly #alone = oneAtATime();
  #socket: SocketServer | null = null;
  readonly #push = new Throttle(PUSH_MS, () => void this.#log.tell());
  #idleSince = monotonicMs();

  constructor(paths: SessionPaths, log: SessionLog, context: WorkerContext) {
    this.#paths = paths;
    this.#log = log;
    this.#context = context;
    this.#attendant = new SessionAttendant(log);
    this.#progress = new SessionProgress(log, () => {
      if (this.#socket?.watched) this.#push.soon();
    });
    this.#codex = new WarmCodex(context.state, context.owner, {
      lost: () => this.#codexLost(),
      turnOpen: () => this.#progress.turnOpen,
    });
    log.codexPid = () => this.#codex.pid;
    const { granted } = context;
    const readWhen = () => this.#leading?.readWhen() ?? null;
    this.#inbox = new Inbox({ paths, log, attendant: this.#attendant, granted, run: () => this.#run, readWhen });
  }

  async run(): Promise<void> {
    const { signal, owner } = this.#context;
    this.#endAfter(this.#log.state.options.lifeSeconds);
    const onSignal = () => this.#leave(String(signal.reason), signal.reason as CancelSignal);
    signal.addEventListener("abort", onSignal);
    // It came while the last worker was waited for.
    if (signal.aborted) onSignal();
    this.#log.onPublish((state) => this.#socket?.push({ state, live: this.#progress.live() }));
    this.#log.record("worker_started", { pid: owner.pid });
    if (this.#log.state.queueHeld) this.#log.record("queue_released", {});
    this.#log.say("Worker online");
    await this.#log.publish();
    const serving = this.#serving();
    try {
      this.#leading = await this.#lead();
      for (;;) {
        this.#socket = await listenIn(this.#paths.folder, (request) => handleRequest(request, serving, this.#words));
        await this.#work();
        await this.#socket.close();
        // What came in the last moment, while the socket was still open, is not left lying.
        if (this.#leaving !== "linger" || (await this.#inbox.next()) === null) break;
        this.#leaving = null;
      }
    } finally {
      this.#push.stop();
      // Still open when the work has failed: no one must take this for a worker any more, and it keeps the process.
      await this.#socket?.close();
      await this.#codex.close({ urgent: this.#leaving !== "linger" });
      await rm(this.#paths.snapshot, { recursive: true, force: true });
      this.#log.record("worker_stopped", { reason: this.#leaving ?? "failed" });
      this.#log.say("Worker stopping");
      await this.#log.publish();
    }
  }

  async #work(): Promise<void> {
    while (this.#leaving === null) {
      const message = await this.#alone(() => this.#next());
      // A thread that another process works in is waited for, and not in vain.
      if (message === "busy") await this.#bell.heard(BUSY_POLL_MS);
      // A stop that came meanwhile found nothing to abort.
      else if (message !== null && this.#leaving === null) await this.#take(message);
      else {
        const left = this.#idleSince + this.#log.state.options.lingerSeconds * 1000 - monotonicMs();
        if (left <= 0) this.#leave("linger", null);
        else await this.#bell.heard(left);
        continue;
      }
      this.#idleSince = monotonicMs();
    }
  }

  /** The next message to run; null when there is none, `busy` while someone else has the thread. */
  async #next(): Promise<Queued | "busy" | null> {
    const head = await this.#inbox.next();
    if (head === null) return null;
    const { threadId } = this.#log.state;
    return threadId === null || (await this.#codex.reserve(threadId)) ? head : "busy";
  }

  async #take(message: Queued): Promise<void> {
    const run = new AbortController();
    this.#run = run;
    this.#progress.begin();
    this.#attendant.unanswered = false;
    this.#attendant.asked = 0;
    try {
      const session = { log: this.#log, paths: this.#paths, attendant: this.#attendant, leading: this.#leading };
      const given = { ...session, codex: this.#codex, progress: this.#progress, signal: run.signal };
      await takeMessage(message, { ...session, context: runContextOf(this.#context, given) });
    } finally {
      this.#run = null;
      this.#attendant.ended();
      this.#progress.finish();
    }
    await rm(message.file, { force: true });
    await this.#log.publish();
  }

  async #lead(): Promise<Leading | null> {
    const { options } = this.#log.state;
    if (options.orchestration === null) return null;
    const parts = { paths: this.#paths, log: this.#log, attendant: this.#attendant, context: this.#context };
    const env = childEnvironment(this.#context.env, options.environment);
    const leading = await this.#context.lead({ ...parts, env, changed: () => this.#push.soon() });
    this.#progress.delegations = () => leading.live();
    return leading;
  }

  #serving(): Serving {
    return {
      paths: this.#paths,
      log: this.#log,
      attendant: this.#attendant,
      inbox: this.#inbox,
      status: async () => ({ state: await this.#log.snapshot(), live: this.#progress.live() }),
      leaving: () => this.#leaving !== null && this.#leaving !== "linger",
      wake: () => {
        this.#bell.ring();
        void this.#log.publish();
      },
      stop: () => this.#leave("stop", "SIGTERM"),
      giveWay: () =>
        this.#alone(async () => {
          const idle = this.#run === null && (await this.#inbox.next()) === null;
          if (idle) await this.#codex.close();
          return idle;
        }),
    };
  }

  #endAfter(seconds: number): void {
    const end = () => this.#leave("life limit", "SIGTERM");
    // Unref'd: a worker that failed to begin (a full disk) must not stay alive for this timer.
    if (seconds > 0) setTimeout(end, Math.min(seconds * 1000, LONGEST_MS)).unref();
  }

  #leave(why: string, cancel: CancelSignal | null): void {
    this.#leaving ??= why;
    if (cancel !== null) this.#run?.abort(cancel);
    this.#bell.ring();
  }

  #codexLost(): void {
    try {
      this.#log.record("codex_lost", { message: "the app-server ended; the next run starts another" });
      this.#log.say("Codex has ended by itself; the next run starts another");
    } catch (error) {
      this.#leave(`failed: ${oneLine(messageOf(error), 200)}`, "SIGTERM");
    }
  }
}
