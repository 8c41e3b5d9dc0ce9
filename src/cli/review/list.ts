import { readPlainOr } from "../../files/read-plain.ts";
import { runPaths } from "../../files/state-paths.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import { earlierReviews } from "./earlier.ts";
import { type ReviewFile, reviewFile } from "./result-file.ts";

// The report of each is opened: enough to see what was going on.
const MOST_LISTED = 50;

/** `ask_codex review list`: the reviews of this repository, newest first. */
export async function list({ json }: { readonly json: boolean }): Promise<number> {
  const { state, ids } = await earlierReviews();
  const shown = ids.toReversed().slice(0, MOST_LISTED);
  const rows = shown.map((review) => ({ review, ...read(state, review) }));
  writeOut(json ? `${JSON.stringify(rows)}\n` : rows.map((row) => `${toLine(row)}\n`).join(""));
  return 0;
}

function read(state: string, id: string): Partial<ReviewFile> {
  return reviewFile(readPlainOr(runPaths(state, id).result, "")) ?? {};
}

function toLine({ review, verdict, target, counts }: { readonly review: string } & Partial<ReviewFile>): string {
  const pairs = [
    ["review", review],
    ["verdict", verdict ?? "unknown"],
    ["findings", counts?.findings ?? null],
    ["target", target ?? null],
  ] as const;
  return lines(pairs).trimEnd().replaceAll("\n", " ");
}
