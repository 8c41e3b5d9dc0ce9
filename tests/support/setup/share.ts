import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { ROOT } from "../paths.ts";

/** A share of these files, from 0 (none) to 1 (all): the same ones for a commit, others for the next. */
export function shareOf(paths: readonly string[], share: number): readonly string[] {
  if (!(share > 0 && share <= 1)) throw new Error("a share of the test files is more than 0 and at most 1");
  return share === 1 ? paths : paths.filter((path) => drawOf(`${commit()} ${path}`) < share);
}

/** The commit by which they are chosen. */
export function commit(): string {
  return execFileSync("git", ["rev-parse", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim();
}

/** From 0 to 1, the same for the same words. */
function drawOf(words: string): number {
  return createHash("sha1").update(words).digest().readUInt32BE(0) / 2 ** 32;
}
