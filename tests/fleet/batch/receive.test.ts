import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { planTask } from "../../../src/cli/command/task-plan.ts";
import { carryOutTask } from "../../../src/fleet/batch/carry-out.ts";
import { openParcels } from "../../../src/fleet/batch/parcels.ts";
import { receiveFiles } from "../../../src/fleet/batch/receive.ts";
import { Refused, readWorkerPolicy } from "../../../src/fleet/worker/policy.ts";
import { committed, repositoryAt, scratchFolder, workTreeOf } from "../../support/git/repository.ts";
import { filesOf } from "../../support/git/worktrees.ts";
import { anOffer } from "../fleet.ts";
import { memoryShelf } from "./shelf.ts";

const KEY = { secret: Buffer.alloc(32, 1), name: "0011223344556677" };
const BATCH = "b-1";
const SIGNAL = new AbortController().signal;

/** A repository of two commits whose files are offered, with no more than `limit` bytes for a parcel. */
async function offered(limit: number) {
  const noise = Array.from({ length: 2000 }, (_, line) => `${(line * 7919) % 10_007}`).join("\n");
  const repository = committed({ "large.txt": noise, "a.txt": "a\n" });
  const base = repository.git("rev-parse", "HEAD");
  const shelf = memoryShelf();
  const tree = await workTreeOf(repository.root);
  const parcels = openParcels({ tree, shelf, key: KEY, batch: BATCH, base, folder: scratchFolder("packing"), limit });
  repository.write("a.txt", "b\n");
  repository.git("commit", "--quiet", "--all", "--message=second");
  const files = await parcels(repository.git("rev-parse", "HEAD"));
  const offer = { ...anOffer("t", { files }), batch: BATCH, attempt: "t.1", expires: Date.now() + 60_000 };
  return { repository, shelf, offer, base };
}

test("a base that fits comes from the queue, and what a task before it changed beside it", async () => {
  const { repository, shelf, offer } = await offered(1024 * 1024);
  expect(offer.files).toMatchObject({ remote: null, parcels: [expect.any(String), expect.any(String)] });
  const there = scratchFolder("there");
  await receiveFiles(there, offer, { shelf, key: KEY, remote: null, signal: SIGNAL });
  expect(filesOf(repositoryAt(there))).toEqual(filesOf(repository));
});

test("a base that is too large comes from the worker's own remote, and only what was changed from the queue", async () => {
  const { repository, shelf, offer, base } = await offered(1000);
  expect(offer.files).toMatchObject({ remote: base, parcels: [expect.any(String)] });
  expect(shelf.names()).toHaveLength(1);
  const there = scratchFolder("there");
  const remote = repository.root;
  await receiveFiles(there, offer, { shelf, key: KEY, remote, signal: SIGNAL });
  expect(filesOf(repositoryAt(there))).toEqual(filesOf(repository));
  const nowhere = receiveFiles(scratchFolder(), offer, { shelf, key: KEY, remote: null, signal: SIGNAL });
  await expect(nowhere).rejects.toThrow(/this worker has none/);
});

test("work that asks for more than its offer said is refused before any of it is begun", async () => {
  const { shelf, offer } = await offered(1024 * 1024);
  const state = scratchFolder("state");
  const folder = join(state, "attempts");
  mkdirSync(folder);
  const carryOut = carryOutTask({
    ...{ shelf, key: KEY, state, folder, policy: readWorkerPolicy(null) },
    planned: ({ task, codex }, root) => planTask(task, { codex, root, state }),
    context: () => Promise.reject(new Error("begun")),
  });
  const begin = (work: object) => carryOut({ ...offer, work }, { signal: SIGNAL, doing: () => {} });
  const more: [object, object, string][] = [
    [{}, { config: ["notify=['x']"] }, "it sets notify=['x'], which this worker does not allow"],
    [{ verifyCommand: "curl x" }, {}, "it runs the command curl x, which this worker does not allow"],
    [{}, { timeout: 0 }, "it has no time limit, and this worker allows 7200 s"],
  ];
  for (const [task, codex, why] of more) await expect(begin(workOf(task, codex))).rejects.toThrow(new Refused(why));
  await expect(begin({ ...workOf({}, {}), setup: "make" })).rejects.toThrow("it runs the command make");
});

function workOf(task: object, codex: object) {
  const nothing = { handoff: null, files: null, sandbox: "read-only", role: null, model: null, reasoning: null };
  const none = { verifyCommand: null, verifyRounds: null, timeout: null, idleTimeout: null };
  const lists = { after: [], read: [], expectFiles: [] };
  const times = { timeout: 60, idleTimeout: 60, retryWindow: 60, verifyRounds: 0 };
  return {
    task: { id: "t", prompt: "Do it.", writes: true, ...nothing, ...none, ...lists, ...task },
    document: null,
    codex: { model: null, reasoning: null, config: [], keepEnv: [], cleanEnv: false, ...times, ...codex },
    setup: null,
  };
}
