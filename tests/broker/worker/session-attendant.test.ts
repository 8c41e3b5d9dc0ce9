import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { openSessionLog } from "../../../src/broker/store/session-log.ts";
import { sessionPaths } from "../../../src/broker/store/session-paths.ts";
import { SessionAttendant } from "../../../src/broker/worker/session-attendant.ts";
import type { OpenRequest, SteerableTurn } from "../../../src/codex/turn/attended-requests.ts";
import { event, OPTIONS } from "../../support/samples/session.ts";
import { tempFolder } from "../../support/temp-folder.ts";

/** An attendant on a journal of its own. */
async function attending({ answerSeconds = 0 } = {}) {
  const folder = await tempFolder();
  const paths = sessionPaths(folder.path);
  const first = event("session_started", { broker_id: "id", options: { ...OPTIONS, answerSeconds } });
  await writeFile(paths.events, `${JSON.stringify(first)}\n`);
  const log = openSessionLog(paths);
  const attendant = new SessionAttendant(log);
  const nobody = new AbortController();
  return {
    ...{ log, attendant, nobody },
    ask: (request: OpenRequest) => attendant.answer(request, nobody.signal),
    async [Symbol.asyncDispose]() {
      await log.publish();
      log.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const question = (id: string, limitMs: number | null, ...names: readonly string[]): OpenRequest => {
  const questions = names.map((name) => ({ id: name, header: "", question: `${name}?`, options: [] }));
  return { id, limitMs, type: "question", questions };
};
const approval = (id: string, what: string): OpenRequest => ({ id, limitMs: null, type: "approval", what, reason: "" });

describe("a question", () => {
  test("is answered when all of its parts are, each by its name where several are open", async () => {
    await using session = await attending();
    const reply = session.ask(question("r", null, "a", "b"));
    expect(() => session.attendant.answerQuestion("1", null, null)).toThrow("--question a or b");
    expect(() => session.attendant.answerQuestion("1", "c", null)).toThrow("a or b");
    expect(session.attendant.answerQuestion("1", "b", null)).toEqual({ left: 1 });
    expect(() => session.attendant.answerQuestion("2", "b", null)).toThrow("b");
    expect(session.attendant.answerQuestion("2", null, "m")).toEqual({ left: 0 });
    expect(await reply).toEqual({ type: "answers", answers: { a: "2", b: "1" } });
    expect(session.log.state).toMatchObject({ openRequests: [] });
    expect([...session.log.state.settled]).toEqual(["m"]);
    expect(() => session.attendant.answerQuestion("3", null, null)).toThrow("Nothing is asked");
  });

  test("waits as long as Codex itself says, where that is shorter than ours", async () => {
    await using session = await attending({ answerSeconds: 1000 });
    expect(await session.ask(question("r", 5, "a"))).toMatchObject({ type: "declined" });
    expect(session.attendant.unanswered).toBe(true);
    expect(session.log.state.openRequests).toEqual([]);
  });

  test("is withdrawn when nobody waits for it any more, and was not missed then", async () => {
    await using session = await attending();
    const reply = session.ask(question("r", null, "a"));
    session.nobody.abort();
    expect(await reply).toMatchObject({ type: "declined" });
    expect(session.attendant.unanswered).toBe(false);
    expect(session.attendant.openQuestions()).toEqual([]);
  });
});

describe("an approval", () => {
  test("is given to what it is about, whatever else waits, and is nothing that can be answered", async () => {
    await using session = await attending();
    const replies = [session.ask(approval("1", "run a")), session.ask(approval("2", "run b"))];
    expect(() => session.attendant.answerQuestion("yes", null, null)).toThrow("approve or deny");
    expect(await session.attendant.decide(true, "", "1")).toEqual({ what: "run a", left: 1 });
    expect(await session.attendant.decide(false, "", "2")).toEqual({ what: "run b", left: 0 });
    expect(await Promise.all(replies)).toEqual([{ type: "approved" }, { type: "declined", reason: "" }]);
    await expect(session.attendant.decide(true, "", "1")).rejects.toThrow("Nothing waits for approval");
  });

  test("that is denied with a reason puts the reason into the turn before it goes on", async () => {
    await using session = await attending();
    const heard: string[] = [];
    const turn: SteerableTurn = {
      steer: async (text) => {
        heard.push(text);
        return "steered";
      },
    };
    session.attendant.began(turn);
    const reply = session.ask(approval("1", "run a")).then(({ type }) => void heard.push(type));
    const decided = session.attendant.decide(false, "not now", "1");
    await expect(session.attendant.decide(true, "", "1")).rejects.toThrow("Nothing waits for approval");
    expect(await decided).toEqual({ what: "run a", left: 0 });
    await reply;
    expect(heard).toEqual([expect.stringContaining("not now"), "declined"]);
    expect(session.log.state.openRequests).toEqual([]);
  });
});

test("a word into a turn waits for the turn to begin, and is told when there will be none", async () => {
  await using session = await attending();
  const early = session.attendant.steer("1");
  session.attendant.began({ steer: async () => "steered" });
  expect(await early).toBe("steered");
  session.attendant.ended();
  const late = session.attendant.steer("2");
  session.attendant.ended();
  expect(await late).toBe("ended");
});
