import { UsageError } from "../../errors.ts";
import { readPlainOr } from "../../files/read-plain.ts";
import { runPaths } from "../../files/state-paths.ts";
import { writeOut } from "../edge/stdio.ts";
import { earlierReviews } from "./earlier.ts";

/** `ask_codex review show`: a review again, as it was written. */
export async function show(wanted: string | undefined, { json }: { readonly json: boolean }): Promise<number> {
  const { state, ids } = await earlierReviews();
  const id = wanted === undefined ? ids.at(-1) : ids.findLast((one) => one.startsWith(wanted));
  if (id === undefined) {
    const which = wanted === undefined ? "review yet" : `review ${wanted}`;
    throw new UsageError(`This repository has no ${which}.`, "See ask_codex review list.");
  }
  const { report, result } = runPaths(state, id);
  const text = readPlainOr(json ? result : report, null);
  if (text === null) throw new UsageError(`The files of review ${id} are gone; its findings are still remembered.`);
  writeOut(text);
  return 0;
}
