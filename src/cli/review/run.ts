import { exitCodeOf } from "../../errors.ts";
import { annotations } from "../../review/report/annotations.ts";
import { toReviewResult } from "../../review/report/result.ts";
import type { ReviewOutcome } from "../../review/run/outcome.ts";
import { stateFolder } from "../edge/folders.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { writeOut } from "../edge/stdio.ts";
import { carryOut } from "./carry-out.ts";
import { type ReviewPlaces, reviewLines, reviewPairs } from "./lines.ts";
import type { ReviewFlags } from "./options.ts";
import { type ReviewCall, reviewCall } from "./request.ts";

/** `ask_codex review`: from the command line to the exit code. */
export async function run(flags: ReviewFlags): Promise<number> {
  refuseInside("ask_codex");
  const state = stateFolder();
  const call = await reviewCall(flags, state);
  const { outcome, progress, ...places } = await carryOut(call, flags, state);
  for (const line of reviewLines(outcome)) progress.line(line);
  writeOut(printed(outcome, call, places));
  return exitCodeOf(outcome.status, outcome.signal);
}

function printed(outcome: ReviewOutcome, { json, format }: ReviewCall, places: ReviewPlaces): string {
  if (json) return `${JSON.stringify(toReviewResult(outcome, places.report))}\n`;
  const notes = format === "github" ? annotations(outcome.findings).map((line) => `${line}\n`) : [];
  return notes.join("") + reviewPairs(outcome, places);
}
