import { LONGEST_MS } from "../../bounds/time-limit.ts";
import type { Attendant, OpenRequest, Reply, SteerableTurn } from "../../codex/turn/attended-requests.ts";
import { UsageError } from "../../errors.ts";
import type { SessionLog } from "../store/session-log.ts";

interface Waiting {
  readonly request: OpenRequest;
  readonly resolve: (reply: Reply) => void;
}

/** Attends to the turns of a session: what Codex asks waits here until a command answers it. */
export class SessionAttendant implements Attendant {
  readonly #log: SessionLog;
  readonly #waiting = new Map<string, Waiting>();
  #turn: PromiseWithTurn = untilBegun();
  /** Something was not answered in time: a person should look at the session. */
  unanswered = false;
  /** How often a run has asked. */
  asked = 0;

  constructor(log: SessionLog) {
    this.#log = log;
  }

  began(turn: SteerableTurn): void {
    this.#turn.resolve(turn);
  }

  /** A run is over: the next one's turn is still to come. */
  ended(): void {
    this.#turn.resolve(null);
    this.#turn = untilBegun();
  }

  async steer(text: string): Promise<"steered" | "ended"> {
    const turn = await this.#turn.promise;
    return turn === null ? "ended" : turn.steer(text);
  }

  answer(request: OpenRequest, signal: AbortSignal): Promise<Reply> {
    const id = request.id;
    this.asked += 1;
    const questions = request.type === "question" ? request.questions : [];
    this.#log.record("request_opened", {
      request_id: id,
      type: request.type,
      questions: questions.map((asked) => ({ ...asked, options: asked.options ?? [] })),
      what: request.type === "approval" ? request.what : "",
      reason: request.type === "approval" ? request.reason : "",
    });
    this.#log.progress(request.type === "approval" ? `[codex] asks to ${request.what}` : "[codex] asks a question");
    void this.#log.publish();
    return new Promise((resolve) => {
      let settled = false;
      const settle = (how: string, reply: Reply) => {
        if (settled) return;
        settled = true;
        clearTimeout(timer);
        signal.removeEventListener("abort", withdraw);
        this.#waiting.delete(id);
        const reason = reply.type === "declined" ? reply.reason : "";
        this.#log.record("request_closed", { request_id: id, how, reason });
        void this.#log.publish();
        resolve(reply);
      };
      const withdraw = () => settle("withdrawn", { type: "declined", reason: "Codex no longer waits for it" });
      const limitMs = shortest(request.limitMs, this.#log.state.options.answerSeconds * 1000);
      const expire = () => {
        this.unanswered = true;
        settle("expired", { type: "declined", reason: "no answer came in time" });
      };
      const timer = limitMs === null ? undefined : setTimeout(expire, Math.min(limitMs, LONGEST_MS));
      signal.addEventListener("abort", withdraw);
      const how = { answers: "answered", approved: "approved", declined: "denied" } as const;
      this.#waiting.set(id, { request, resolve: (reply) => settle(how[reply.type], reply) });
    });
  }

  /** Every question that waits for its answer. */
  openQuestions(): readonly { readonly requestId: string; readonly id: string; readonly question: string }[] {
    return this.#log.state.openRequests.flatMap(({ request_id: requestId, questions, answers }) =>
      questions.flatMap(({ id, question }) => (id in answers ? [] : [{ requestId, id, question }])),
    );
  }

  /**
   * Answers one question; Codex gets the answers when all of its questions have one. `messageId` is the message that is the answer.
   * @throws UsageError when there is nothing, or more than one thing, to answer
   */
  answerQuestion(text: string, which: string | null, messageId: string | null): { readonly left: number } {
    const open = this.openQuestions();
    const chosen = which === null ? open : open.filter(({ id }) => id === which);
    const [one, another] = chosen;
    if (one === undefined)
      throw new UsageError(which === null ? nothingAsked(this.#log) : unknownQuestion(which, open), LOOK);
    if (another !== undefined)
      throw new UsageError(`Several questions are open: say which with --question ${names(open)}.`, LOOK);
    const { requestId, id: question_id } = one;
    this.#log.record("question_answered", { request_id: requestId, question_id, text, message_id: messageId });
    const request = this.#log.state.openRequests.find(({ request_id }) => request_id === requestId);
    if (request?.questions.every(({ id }) => id in request.answers))
      this.#waiting.get(requestId)?.resolve({ type: "answers", answers: request.answers });
    else void this.#log.publish();
    return { left: this.openQuestions().length };
  }

  /**
   * Approves or denies this request. Resolves with what it was.
   * @throws UsageError when it does not wait for approval, or no longer does
   */
  async decide(approved: boolean, reason: string, requestId: string) {
    const pending = [...this.#waiting.values()].filter(({ request }) => request.type === "approval");
    const first = pending.find(({ request }) => request.id === requestId);
    if (first?.request.type !== "approval") throw new UsageError("Nothing waits for approval in this session.", LOOK);
    const { id, what } = first.request;
    // No one else may decide it meanwhile.
    this.#waiting.delete(id);
    // Codex takes no words with a refusal: they come as a message of their own, so that it can do better. Before it: as long as the
    // turn stands still, the model cannot be asked without them.
    try {
      if (!approved && reason !== "") await this.steer(`The request to ${what} was denied: ${reason}`);
    } finally {
      first.resolve(approved ? { type: "approved" } : { type: "declined", reason });
    }
    return { what, left: pending.length - 1 };
  }
}

interface PromiseWithTurn {
  readonly promise: Promise<SteerableTurn | null>;
  readonly resolve: (turn: SteerableTurn | null) => void;
}

function untilBegun(): PromiseWithTurn {
  let resolve: (turn: SteerableTurn | null) => void = () => {};
  const promise = new Promise<SteerableTurn | null>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

function shortest(codexMs: number | null, oursMs: number): number | null {
  const limits = [codexMs ?? 0, oursMs].filter((ms) => ms > 0);
  return limits.length === 0 ? null : Math.min(...limits);
}

const LOOK = "See what is open: codex_broker status.";

function nothingAsked({ state }: SessionLog): string {
  const approval = state.openRequests.some(({ type }) => type === "approval");
  return approval
    ? "Codex waits for an approval, not for an answer: use approve or deny."
    : "Nothing is asked in this session.";
}

function unknownQuestion(which: string, open: readonly { readonly id: string }[]): string {
  return open.length === 0
    ? "Nothing is asked in this session."
    : `No question ${which} is open: use --question ${names(open)}.`;
}

function names(open: readonly { readonly id: string }[]): string {
  return open.map(({ id }) => id).join(" or ");
}
