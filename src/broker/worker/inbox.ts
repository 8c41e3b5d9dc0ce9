import { rename, rm } from "node:fs/promises";
import { inBatches } from "../../bounds/in-batches.ts";
import { UsageError } from "../../errors.ts";
import { oneLine } from "../../text/defuse.ts";
import type { Delivery } from "../socket/protocol.ts";
import { type Queued, readQueue } from "../store/message.ts";
import { isPlain } from "../store/message-options.ts";
import { countQueue } from "../store/queue.ts";
import type { SessionLog } from "../store/session-log.ts";
import type { SessionPaths } from "../store/session-paths.ts";
import { flagsOf, ungranted } from "../store/wide.ts";
import type { SessionAttendant } from "./session-attendant.ts";

interface InboxParts {
  readonly paths: SessionPaths;
  readonly log: SessionLog;
  readonly attendant: SessionAttendant;
  /** The messages whose flags were given to the command that launched this worker. */
  readonly granted: readonly string[];
  readonly run: () => AbortController | null;
  /** When a message that is put into the turn is read; null: at once. */
  readonly readWhen: () => string | null;
}

/** Decides what becomes of a message that has come in: a turn of its own, now or later, a word in the running one, or an answer. */
export class Inbox {
  readonly #paths: SessionPaths;
  readonly #log: SessionLog;
  readonly #attendant: SessionAttendant;
  readonly #run: () => AbortController | null;
  readonly #readWhen: () => string | null;
  /** Messages that an earlier worker was given flags for. */
  readonly #ungranted: Set<string>;
  /** Messages on their way into a running turn: the queue must not take them as well. */
  readonly #underWay = new Set<string>();

  constructor({ paths, log, attendant, granted, run, readWhen }: InboxParts) {
    this.#paths = paths;
    this.#log = log;
    this.#attendant = attendant;
    this.#run = run;
    this.#readWhen = readWhen;
    this.#ungranted = new Set(ungranted(readQueue(paths.queue).waiting, granted));
  }

  /** The flags of these messages were given again. */
  grant(messageIds: readonly string[]): void {
    for (const id of messageIds) this.#ungranted.delete(id);
  }

  /** The next message to run; null when there is none, or the queue is held. What cannot be read is put aside and named. */
  async next(): Promise<Queued | null> {
    const { waiting, damaged } = readQueue(this.#paths.queue);
    for (const path of damaged) {
      await rename(path, `${path}.damaged`);
      this.#log.say(`A message cannot be read, and is kept: ${path}.damaged`);
    }
    const over = waiting.filter(({ message_id }) => this.#log.state.settled.has(message_id));
    await inBatches(over, ({ file }) => rm(file, { force: true }));
    const [head] = waiting.filter((message) => this.#accept(message));
    if (head === undefined || this.#log.state.queueHeld || this.#log.state.stopped) return null;
    if (!this.#ungranted.has(head.message_id)) return head;
    this.#log.record("flags_wanted", { message_id: head.message_id, flags: flagsOf(head.options).join(" ") });
    this.#log.say("The next message was sent with flags that are not kept: resume gives them again");
    void this.#log.publish();
    return null;
  }

  /** Journals a message that lies in the queue; false when the queue must not run it. A new one lets a held queue go on. */
  #accept({ message_id, message, mode, key, options }: Queued): boolean {
    const { accepted, settled, run } = this.#log.state;
    if (settled.has(message_id)) return false;
    if (!accepted.has(message_id)) {
      this.#log.record("message_accepted", { message_id, message, mode, key, options });
      if (this.#log.state.queueHeld) this.#log.record("queue_released", {});
    }
    return !this.#underWay.has(message_id) && run?.messageId !== message_id;
  }

  /** @throws UsageError when there is no such message */
  async deliver(messageId: string): Promise<Delivery> {
    const { waiting } = readQueue(this.#paths.queue);
    // Only now: it may have begun meanwhile, and must not interrupt itself.
    const { state } = this.#log;
    const [message, another] = waiting.filter(({ message_id }) => message_id === messageId);
    // The queue was faster than its sender. A file more of it is the same message again, by its key.
    if (state.run?.messageId === messageId) return this.#result(another === undefined ? "started" : "duplicate");
    if (state.settled.has(messageId)) return this.#result(message === undefined ? "started" : "duplicate");
    // Its like is on its way into the turn already.
    if (this.#underWay.has(messageId)) return this.#result("duplicate");
    if (message === undefined)
      throw new UsageError(
        `no message ${messageId} lies in the queue`,
        "It may have ended meanwhile: look with codex_broker status.",
      );
    // Ringing again for a message, as anyone can who reaches the socket, changes nothing.
    const rung = state.accepted.has(messageId);
    this.#accept(message);
    if (!rung && this.#log.state.stopped) this.#log.record("queue_released", {});
    const run = this.#run();
    if (run === null) return this.#result(waiting[0]?.message_id === messageId ? "started" : "queued");
    if (rung) return this.#result("queued");
    switch (message.mode) {
      case "interrupt":
        this.#log.record("interrupt_requested", {});
        this.#log.say("Interrupt requested for current run");
        run.abort("SIGINT");
        return this.#result("queued");
      case "steer":
        return this.#result(await this.#steer(message));
      case "queue":
        return this.#result((await this.#answer(message)) ? "answered" : "queued");
    }
  }

  async #steer(message: Queued): Promise<"steered" | "queued" | "started"> {
    const { message_id, file } = message;
    const runId = this.#log.state.run?.runId ?? "";
    this.#underWay.add(message_id);
    try {
      this.#log.record("steer_started", { message_id });
      if ((await this.#attendant.steer(message.message)) === "steered") {
        this.#log.record("message_steered", { message_id, run_id: runId });
        this.#log.progress(`[codex] steered: ${oneLine(message.message, 100)}`);
        await rm(file, { force: true });
        return "steered";
      }
      this.#log.record("steer_missed", { message_id });
      return this.#run() === null ? "started" : "queued";
    } finally {
      this.#underWay.delete(message_id);
    }
  }

  /** A message that comes while exactly one question is open is the answer to it. */
  async #answer({ message, message_id, file, options }: Queued): Promise<boolean> {
    // What sets something for a turn of its own is meant for one.
    if (!isPlain(options) || this.#attendant.openQuestions().length !== 1) return false;
    this.#attendant.answerQuestion(message, null, message_id);
    await rm(file, { force: true });
    return true;
  }

  #result(delivered: Delivery["delivered"]): Delivery {
    const readWhen = delivered === "steered" ? this.#readWhen() : null;
    const later = readWhen === null ? {} : { read_when: readWhen };
    return { delivered, pending_count: countQueue(this.#paths.queue), ...later };
  }
}
