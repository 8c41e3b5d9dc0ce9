import { UsageError } from "../../errors.ts";
import { readMemory, remember } from "../../review/memory/memory.ts";
import { RESOLUTIONS } from "../../review/verdict/verdict.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import { earlierReviews } from "./earlier.ts";

/** `ask_codex review resolve`: what a person decides about a finding. */
export async function resolve([id, word, why]: [string, string, string]): Promise<number> {
  const resolution = RESOLUTIONS.find((known) => known === word);
  if (resolution === undefined) throw new UsageError(`${word} is not a resolution: use ${RESOLUTIONS.join(", ")}.`);
  if (why.trim() === "") throw new UsageError("A decision needs its reason, which later reviewers see.");
  const { memory } = await earlierReviews();
  const known = [...readMemory(memory).values()].filter((finding) => id !== "" && finding.id.startsWith(id));
  const [finding] = known;
  if (finding === undefined) throw new UsageError(`No review of this repository has a finding ${id}.`);
  if (known.length > 1) throw new UsageError(`${id} is the beginning of ${known.length} findings: give more of it.`);
  await remember(memory, { type: "decision", finding: finding.id, resolution, why, at: new Date().toISOString() });
  writeOut(
    lines([
      ["finding", finding.id],
      ["resolution", resolution],
      ["path", finding.path],
      ["title", finding.title],
    ]),
  );
  return 0;
}
