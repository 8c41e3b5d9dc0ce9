import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import type { Fault } from "../../batch/plan/fault.ts";
import { oneLine } from "../../text/defuse.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import { type LoadedPlan, loadPlan } from "./load-plan.ts";
import type { CheckFlags } from "./options.ts";

/** `ask_codex batch check`: every fault of a plan at once, and what it will take. */
export async function check(plan: string, { json, ...flags }: CheckFlags): Promise<number> {
  return tellPlan(await loadPlan(plan, flags), json);
}

/** Prints what a look at a plan came to. Resolves with the exit code. */
export function tellPlan(plan: LoadedPlan, json: boolean): number {
  const { from, tasks, options, faults, warnings, inspection } = plan;
  const ready = faults.length === 0;
  const { turns, room } = inspection ?? { turns: null, room: null };
  if (json) {
    const told = { schema_version: SCHEMA_VERSION, plan: from, ready, faults, warnings, options, turns, room };
    writeOut(`${JSON.stringify({ ...told, tasks: tasks.map(({ id, after, files }) => ({ id, after, files })) })}\n`);
    return ready ? 0 : 1;
  }
  writeErr([...faults.map(said), ...warnings.map(warned)].join(""));
  writeOut(
    lines([
      ["plan", from],
      ["tasks", tasks.length],
      ["parallel", options.parallel],
      ["worktrees", options.worktrees ? "yes" : "no"],
      ["merge", options.merge],
      ["turns", turns && `${turns.least}-${turns.most}`],
      ["disk_needed_mb", room && Math.ceil(room.needed / 1_000_000)],
      ["disk_free_mb", room && Math.floor(room.free / 1_000_000)],
      ["faults", faults.length],
      ["warnings", warnings.length],
      ["ready", ready ? "yes" : "no"],
    ]),
  );
  return ready ? 0 : 1;
}

/** What speaks against a batch that begins all the same, in a few lines on stderr. */
export function tellWarnings({ warnings }: LoadedPlan): void {
  const more = warnings.length - MOST_WARNINGS;
  writeErr(warnings.slice(0, MOST_WARNINGS).map(warned).join(""));
  if (more > 0) writeErr(`[WARNING] and ${more} more: ask_codex batch check lists them.\n`);
}

const MOST_WARNINGS = 5;

function warned(one: Fault): string {
  return `[WARNING] ${said(one)}`;
}

function said({ task, what, fix }: Fault): string {
  return `${oneLine(`${task === null ? "" : `${task}: `}${what.replace(/[.!]$/, "")}. ${fix}`, 600)}\n`;
}
