import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "../../support/model/replies.ts";
import type { World } from "../../support/world.ts";
import { measureExit } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { type Curve, type Point, point } from "./curve.ts";

/** What looks at old runs, and a task, in a state folder that many have been written into. */
export async function oldRuns(rounds: number, signal: AbortSignal): Promise<readonly Curve[]> {
  const curves: Readonly<Record<"sessions" | "stats" | "a task", Point[]>> = { sessions: [], stats: [], "a task": [] };
  await inWorld({ signal, script: () => say("Done.") }, async (world) => {
    const { ask } = await contestants(world);
    await measureExit(0, ask("--read-only", "Do it."), signal);
    const copyAs = copier(world);
    let there = 1;
    for (const size of [10, 1_000, 20_000]) {
      for (; there < size; there++) copyAs(there);
      curves.sessions.push(await point(size, ask("sessions"), rounds, signal));
      curves.stats.push(await point(size, ask("stats"), rounds, signal));
      curves["a task"].push(await point(size, ask("--read-only", "Do it."), rounds, signal));
    }
  });
  return Object.entries(curves).map(([what, points]) => ({ of: "old runs", what, points }));
}

/** Writes the first run once more, under the id of a number. */
function copier({ state }: World): (number: number) => void {
  const inState = (...path: readonly string[]) => join(state, ...path);
  const [thread = ""] = readdirSync(inState("threads")).filter((name) => name.endsWith(".json"));
  const [run = ""] = readdirSync(inState("runs"));
  const threadId = thread.slice(0, -".json".length);
  const record = readFileSync(inState("threads", thread), "utf8");
  const names = readdirSync(inState("runs", run));
  const files = names.map((name) => [name, readFileSync(inState("runs", run, name), "utf8")] as const);
  const line = readFileSync(inState("ledger.jsonl"), "utf8");
  return (number) => {
    const numbered = (id: string) => `${id.slice(0, -6)}${number.toString(16).padStart(6, "0")}`;
    const renamed = (text: string) => text.replaceAll(threadId, numbered(threadId)).replaceAll(run, numbered(run));
    writeFileSync(inState("threads", `${numbered(threadId)}.json`), renamed(record), { mode: 0o600 });
    mkdirSync(inState("runs", numbered(run)), { mode: 0o700 });
    for (const [name, text] of files)
      writeFileSync(inState("runs", numbered(run), name), renamed(text), { mode: 0o600 });
    appendFileSync(inState("ledger.jsonl"), renamed(line));
  };
}
