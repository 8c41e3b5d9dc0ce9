import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Asked } from "../../support/ask.ts";
import { type Broker, brokerIn } from "../../support/broker.ts";
import { type Dice, dice } from "../../support/dice.ts";
import { run, say } from "../../support/model/replies.ts";
import type { ModelRequest, Script } from "../../support/model/server.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { createWorld } from "../../support/world.ts";
import { accountsOf, expectAskedOnce, expectBalanced, expectWholeFiles } from "./session-accounts.ts";
import { holderOf, serverOf, signal } from "./session-processes.ts";

const SEED = Number(process.env["SEED"] ?? 20_260_214);
const KILLS = 100;
// Side by side: they share the machine and the state folder, and each has its own moments.
const SESSIONS = 4;
// About what a command takes, start of Node included, and a turn after it.
const STEP_MS = 300;

test.runIf(process.platform === "linux")(
  `no message is lost or run twice by ${KILLS} kills (SEED=${SEED})`,
  {
    timeout: 180_000,
  },
  async () => {
    await using world = await createWorld({ script: answer });
    await using broker = brokerIn(world);
    const kills = KILLS / SESSIONS;
    const run = await Promise.all(
      Array.from({ length: SESSIONS }, (_, index) => torment(broker, `s${index}`, dice(SEED + index), kills)),
    );
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

/** A message that a command said was taken. */
interface Taken {
  readonly session: string;
  readonly text: string;
  /** Null: the first one of a session. */
  readonly messageId: string | null;
}

/** Sends messages to a session and kills what serves it, until so many kills have hit somebody. */
async function torment(broker: Broker, name: string, draw: Dice, kills: number) {
  const begin = `${name}-begin quick`;
  const id = await broker.start(begin, "--linger", "1", "--read-only");
  const taken: Taken[] = [{ session: id, text: begin, messageId: null }];
  let count = 0;
  const text = () => `${name}-${count++} ${draw.one([...Array(6).fill("quick"), "slow", "slow", "command"])}`;
  const book = (texts: ReadonlyMap<readonly string[], string>, args: readonly string[], { stdout, keys }: Asked) => {
    const sent = texts.get(args);
    if (sent === undefined || !stdout.endsWith("\n")) return;
    const { broker_id: session = "", message_id: messageId = null } = keys;
    if (args[0] === "start" ? keys.status !== undefined : messageId !== null)
      taken.push({ session, text: sent, messageId });
  };
  for (let hits = 0; hits < kills; ) {
    const texts = new Map<readonly string[], string>();
    const commands = Array.from({ length: draw.one([1, 1, 1, 2, 3]) }, () => commandFor(id, draw, text, texts));
    const begun = commands.map((args) => ({ args, asking: broker.begin(...args) }));
    await sleep(draw.number(STEP_MS));
    const client = draw.one(begun).asking.child;
    if (await hit(broker, id, draw.one(["worker", "codex", "client"]), client)) hits++;
    for (const { args, asking } of begun) {
      const ended = await asking.done;
      expectOrderly(args, ended);
      book(texts, args, ended);
    }
    const next = commandFor(id, draw, text, texts);
    const looked = await broker(...next);
    expect(looked.code).not.toBeNull();
    expectOrderly(next, looked);
    book(texts, next, looked);
  }
  return { id, name, taken };
}

function commandFor(
  id: string,
  draw: Dice,
  text: () => string,
  texts: Map<readonly string[], string>,
): readonly string[] {
  const kind = draw.one([...Array(10).fill("send"), "status", "status", "wait", "resume", "resume", "stop", "start"]);
  const told = (words: string, args: readonly string[]) => {
    texts.set(args, words);
    return args;
  };
  switch (kind) {
    case "send": {
      const words = text();
      const mode = draw.one([[], [], ["--steer"], ["--interrupt"]]);
      const key = draw.one([[], ["--key", words]]);
      return told(words, ["send", id, words, ...mode, ...key]);
    }
    case "start": {
      const words = text();
      return told(words, ["start", words, "--read-only", "--linger", "0"]);
    }
    case "wait":
      return ["wait", id, "--timeout", "1"];
    default:
      return [kind, id];
  }
}

/** True when somebody was there to be hit. */
async function hit(
  broker: Broker,
  id: string,
  victim: "worker" | "codex" | "client",
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
  expect(last).toMatchObject({ code: 0, keys: { last_run_status: "completed", session_id: threads.at(-1) } });
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
