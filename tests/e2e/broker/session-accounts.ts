import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { Broker, SessionEventJson } from "../../support/broker.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { tasksIn } from "../../support/model/wire.ts";

/** What a session's files tell of one message. */
export interface Account {
  readonly text: string;
  /** How often a run of it began. */
  readonly starts: number;
  /** How it came to an end: the types of the events that say so, with the run's status. */
  readonly outcomes: readonly string[];
  readonly queued: boolean;
}

/** Every message of a session by its id. Whatever of the session's files is not whole fails the test. */
export async function accountsOf(
  broker: Broker,
  id: string,
  { torn = false }: { readonly torn?: boolean } = {},
): Promise<ReadonlyMap<string, Account>> {
  expect(await broker.state(id)).toMatchObject({ broker_id: id });
  const events = torn ? await broker.events(id) : await wholeLines(join(broker.folder(id), "events.jsonl"));
  const waiting = await queueOf(broker, id);
  const texts = new Map([
    ...waiting.map(({ message_id, message }) => [message_id, message] as const),
    ...events.flatMap(({ type, payload }) =>
      type === "message_accepted" ? [[String(payload["message_id"]), String(payload["message"])] as const] : [],
    ),
  ]);
  const account = ([messageId, text]: readonly [string, string]): readonly [string, Account] => {
    const own = events.filter(({ payload }) => payload["message_id"] === messageId);
    return [
      messageId,
      {
        text,
        starts: own.filter(({ type }) => type === "run_started").length,
        outcomes: own.flatMap((event) => outcomeOf(event)),
        queued: waiting.some(({ message_id }) => message_id === messageId),
      },
    ];
  };
  return new Map([...texts].map(account));
}

/** Each message ran once at most, and is either at its one end or waits for its turn. */
export function expectBalanced(accounts: ReadonlyMap<string, Account>): void {
  const wrong = [...accounts.values()].filter(({ starts, outcomes, queued }) => {
    const waits = queued && starts === 0 && outcomes.length === 0;
    return starts > 1 || !(waits || (outcomes.length === 1 && !queued));
  });
  expect(wrong).toEqual([]);
}

/** No task was put to the model twice, in one thread or in two. */
export function expectAskedOnce(requests: readonly ModelRequest[]): void {
  const threads = new Map<string, Set<string>>();
  for (const request of requests) {
    const tasks = tasksIn(request);
    expect(tasks).toEqual([...new Set(tasks)]);
    for (const task of tasks) {
      const asked = threads.get(task ?? "") ?? new Set();
      threads.set(task ?? "", asked.add(String(request.headers["thread-id"])));
    }
  }
  expect([...threads].filter(([, asked]) => asked.size > 1)).toEqual([]);
}

export interface QueueJson {
  readonly message_id: string;
  readonly message: string;
}

/** The files of a session's queue, each of them whole. */
export async function queueOf(broker: Broker, id: string): Promise<readonly QueueJson[]> {
  const queue = join(broker.folder(id), "queue");
  // A `start` that was killed in the middle has not made it yet.
  const names = (await readdir(queue).catch(() => [])).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(join(queue, name), "utf8")) as QueueJson));
}

/** Every line of a journal; one that cannot be read fails the test. */
async function wholeLines(path: string): Promise<readonly SessionEventJson[]> {
  const text = await readFile(path, "utf8");
  // Killed between the file and its first line.
  if (text === "") return [];
  expect(text.at(-1)).toBe("\n");
  return text
    .slice(0, -1)
    .split("\n")
    .map((line) => JSON.parse(line) as SessionEventJson);
}

/** Every JSON file and every journal below a folder can be read to its last line. */
export async function expectWholeFiles(root: string): Promise<void> {
  for (const name of await readdir(root, { recursive: true })) {
    if (name.endsWith(".jsonl")) await wholeLines(join(root, name));
    if (name.endsWith(".json")) JSON.parse(await readFile(join(root, name), "utf8"));
  }
}

function outcomeOf({ type, payload }: SessionEventJson): readonly string[] {
  if (type === "run_finished") return [`run ${payload["status"]}`];
  return ["message_steered", "message_interrupted", "question_answered"].includes(type) ? [type] : [];
}
