import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Asked, type Asking, startAsk } from "../ask.ts";
import { git } from "../git/git.ts";
import type { World } from "../world.ts";
import { type Reply, run, say } from "./replies.ts";
import type { ModelRequest } from "./server.ts";
import { toldTo } from "./wire.ts";

/** Writes a plan beside the workspace, and starts `ask_codex batch` on it. */
export function startBatch(world: World, plan: object, flags: readonly string[] = []): Asking {
  mkdirSync(world.home, { recursive: true });
  const path = join(world.home, "plan.json");
  writeFileSync(path, JSON.stringify(plan));
  return startAsk(world, ["batch", path, ...flags]);
}

export function batch(world: World, plan: object, flags: readonly string[] = []): Promise<Asked> {
  return startBatch(world, plan, flags).done;
}

/** The lines `task=…` of stdout, by id. */
export function taskLines({ stdout }: Asked): Readonly<Record<string, string>> {
  return Object.fromEntries([...stdout.matchAll(/^task=(\S+) (.*)$/gm)].map(([, id = "", rest = ""]) => [id, rest]));
}

/** A model that runs what the line `RUN: …` of a task says, and then says that it is done. A task that was given back says `AGAIN: …`. */
export function obedient(request: ModelRequest): Reply {
  const told = toldTo(request).at(-1) ?? "";
  if (request.body.input.at(-1)?.type === "function_call_output") return say("Done.");
  const again = told.includes("Your change conflicts") ? /^AGAIN: (.*)$/m.exec(told)?.[1] : undefined;
  const command = again ?? /^RUN: (.*)$/m.exec(told)?.[1];
  return command === undefined ? say("Nothing to do.") : run(command);
}

/** The state that a batch must leave as it was: worktrees, refs, configuration, and what lies in the work tree but for these files. */
export async function repositoryFacts(world: World): Promise<Readonly<Record<string, string>>> {
  const facts: Record<string, string> = {};
  for (const words of [
    ["worktree", "list"],
    ["for-each-ref"],
    ["config", "--list", "--local"],
    ["status", "--porcelain"],
  ])
    facts[words.join(" ")] = await git(world.workspace, ...words);
  return facts;
}
