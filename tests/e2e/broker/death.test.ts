import { setTimeout as sleep } from "node:timers/promises";
import fc, { type Arbitrary } from "fast-check";
import { describe, expect } from "vitest";
import type { Asked } from "../../support/ask.ts";
import { type Broker, brokerIn } from "../../support/broker.ts";
import { run, say } from "../../support/model/replies.ts";
import type { ModelRequest, Script } from "../../support/model/server.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { testAtRandom } from "../../support/trials.ts";
import { createWorld } from "../../support/world.ts";
import { accountsOf, expectAskedOnce, expectBalanced, expectWholeFiles } from "./session-accounts.ts";
import { holderOf, serverOf, signal } from "./session-processes.ts";

// Side by side: they share the machine and the state folder, and each has its own moments.
const SESSIONS = 4;
const KILLS_EACH = 5;
// About what a command takes, start of Node included, and a turn after it.
const STEP_MS = 300;

const words = fc.constantFrom(...Array(6).fill("quick"), "slow", "slow", "command");

/** A command on a session; the texts of its messages are numbered when it is given. */
const command = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant("send"),
      words,
      mode: fc.constantFrom("", "", "--steer", "--interrupt"),
      hasKey: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("start"), words }) },
  {
    weight: 7,
    arbitrary: fc.record({ kind: fc.constantFrom("status", "status", "wait", "resume", "resume", "stop") }),
  },
);

/** Commands that run side by side, who is killed meanwhile and when, and a command after it. */
const step = fc.record({
  together: fc.oneof(
    { weight: 3, arbitrary: fc.array(command, { minLength: 1, maxLength: 1 }) },
    fc.array(command, { minLength: 2, maxLength: 3 }),
  ),
  afterMs: fc.nat(STEP_MS),
  victim: fc.constantFrom("worker", "codex", "client"),
  client: fc.nat(2),
  afterwards: command,
});

type Command = typeof command extends Arbitrary<infer Value> ? Value : never;

type Step = typeof step extends Arbitrary<infer Value> ? Value : never;

describe.runIf(process.platform === "linux")("a session", () => {
  testAtRandom(
    `no message is lost or run twice by ${SESSIONS * KILLS_EACH} kills`,
    // A failure of one moment is not found again in a smaller case.
    { change: 0, full: 20, timeout: 900_000, shrinks: false },
    fc.array(fc.infiniteStream(step), { minLength: SESSIONS, maxLength: SESSIONS }),
    async (sessions) => {
      await using world = await createWorld({ script: answer });
      await using broker = brokerIn(world);
      const run = await Promise.all(sessions.map((steps, index) => torment(broker, `s${index}`, steps)));
      const taken = run.flatMap((session) => session.taken);
      await Promise.all(run.map(({ id, name }) => goOn(broker, id, name)));
      // What `start` has begun before it was killed is a session like any other.
      const listed = await broker("list");
      expect(listed).toMatchObject({ code: 0, stderr: "" });
      const ids = listed.stdout.split("\n").flatMap((line) => line.split("\t")[0] || []);
      expect(taken.filter(({ session }) => !ids.includes(session))).toEqual([]);
      const stopped = await Promise.all(ids.map((id) => broker("stop", id)));
      expect(stopped.filter(({ code, keys }) => code !== 0 || keys.status !== "stopped")).toEqual([]);
      for (const id of ids) {
        const accounts = await accountsOf(broker, id);
        expectBalanced(accounts);
        const promised = taken.filter((message) => message.session === id);
        const lost = promised.filter(({ messageId, text }) =>
          messageId === null
            ? ![...accounts.values()].some((account) => account.text === text)
            : accounts.get(messageId)?.text !== text,
        );
        expect(lost).toEqual([]);
      }
      expect(await world.processes()).toEqual([]);
      expectAskedOnce(world.model.requests);
      await expectWholeFiles(world.state);
    },
  );
});

/** A message that a command said was taken. */
interface Taken {
  readonly session: string;
  readonly text: string;
  /** Null: the first one of a session. */
  readonly messageId: string | null;
}

/** Sends messages to a session and kills what serves it, until so many kills have hit somebody. */
async function torment(broker: Broker, name: string, steps: Iterable<Step>) {
  const begin = `${name}-begin quick`;
  const id = await broker.start(begin, "--linger", "1", "--read-only");
  const taken: Taken[] = [{ session: id, text: begin, messageId: null }];
  let count = 0;
  const texts = new Map<readonly string[], string>();
  const argumentsOf = (given: Command) => wordsFor(id, given, () => `${name}-${count++} `, texts);
  const book = (args: readonly string[], { stdout, keys }: Asked) => {
    const sent = texts.get(args);
    if (sent === undefined || !stdout.endsWith("\n")) return;
    const { broker_id: session = "", message_id: messageId = null } = keys;
    if (args[0] === "start" ? keys.status !== undefined : messageId !== null)
      taken.push({ session, text: sent, messageId });
  };
  let hits = 0;
  for (const { together, afterMs, victim, client, afterwards } of steps) {
    if (hits === KILLS_EACH) break;
    const begun = together.map(argumentsOf).map((args) => ({ args, asking: broker.begin(...args) }));
    await sleep(afterMs);
    const hitClient = begun[client % begun.length]?.asking.child;
    if (hitClient !== undefined && (await hit(broker, id, victim, hitClient))) hits++;
    for (const { args, asking } of begun) {
      const ended = await asking.done;
      expectOrderly(args, ended);
      book(args, ended);
    }
    const next = argumentsOf(afterwards);
    const looked = await broker(...next);
    expect(looked.code).not.toBeNull();
    expectOrderly(next, looked);
    book(next, looked);
  }
  return { id, name, taken };
}

function wordsFor(
  id: string,
  given: Command,
  prefix: () => string,
  texts: Map<readonly string[], string>,
): readonly string[] {
  const told = (text: string, args: readonly string[]) => {
    texts.set(args, text);
    return args;
  };
  if ("hasKey" in given) {
    const text = `${prefix()}${given.words}`;
    const mode = given.mode === "" ? [] : [given.mode];
    return told(text, ["send", id, text, ...mode, ...(given.hasKey ? ["--key", text] : [])]);
  }
  if ("words" in given) {
    const text = `${prefix()}${given.words}`;
    return told(text, ["start", text, "--read-only", "--linger", "0"]);
  }
  return given.kind === "wait" ? ["wait", id, "--timeout", "1"] : [given.kind, id];
}

/** True when somebody was there to be hit. */
async function hit(
  broker: Broker,
  id: string,
  victim: Step["victim"],
  client: { readonly exitCode: number | null; kill(signal: "SIGKILL"): boolean },
): Promise<boolean> {
  if (victim === "client" && client.exitCode === null) return client.kill("SIGKILL");
  // A command that has ended already leaves its worker to be hit.
  const pid = await (victim === "codex" ? serverOf : holderOf)(broker, id);
  if (pid !== null) return signal(pid, "SIGKILL");
  return client.exitCode === null && client.kill("SIGKILL");
}

/** A command that was not killed itself has done what it is for, or says why not in the one way that is to be expected. */
function expectOrderly(args: readonly string[], { code, stdout, stderr, keys }: Asked): void {
  if (code === null) return;
  const [command] = args;
  const refused = args.includes("--steer") && stderr.includes("that could be steered");
  if (!refused) expect(`${args.join(" ")}: ${stderr}`).not.toMatch(/\[ERROR\]|\n +at /);
  if (command !== "wait")
    expect(`${args.join(" ")}: exit ${code} ${stdout}${stderr}`).toMatch(refused ? / exit 1 / : / exit 0 /);
  if (command === "status" && keys.status === "running") expect(keys["worker"]).toBe("alive");
}

/** The queue runs to its end, and the thread goes on with all that was said in it. */
async function goOn(broker: Broker, id: string, name: string): Promise<void> {
  const resumed = await broker("resume", id, "--wait", "60");
  expect(resumed.keys).toMatchObject({ pending_count: "0" });
  const threads = (await broker.events(id)).flatMap(({ type, payload }) =>
    type === "thread_opened" ? [String(payload["session_id"])] : [],
  );
  const last = await broker("send", id, `${name}-end quick`, "--wait", "60");
  // On a busy machine every turn may have been killed before it had a thread.
  const thread = threads.at(-1) ?? expect.any(String);
  expect(last).toMatchObject({ code: 0, keys: { last_run_status: "completed", session_id: thread } });
}

const answer: Script = (request) => {
  const task = tasksIn(request).at(-1) ?? "";
  if (hasJustRun(request)) return say("Ran.");
  if (task.endsWith("command")) return run("sleep 600.9 & sleep 0.2");
  if (task.endsWith("slow")) return say("word ".repeat(20), { chunks: 20, pauseMs: 15 });
  return say("Well.");
};

function hasJustRun({ body }: ModelRequest): boolean {
  return body.input.at(-1)?.type === "function_call_output";
}
