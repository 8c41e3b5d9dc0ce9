import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { git } from "../git/git.ts";
import { ROOT } from "../paths.ts";
import { filesOf } from "./projects.ts";

// `npm run test:alone [share]`: a share of the test files (default 0.1, chosen by the commit), each in a process of its own and its
// tests in another order, so that no test can lean on one before it.
const share = Number(process.argv[2] ?? 0.1);
const commit = await git(ROOT, "rev-parse", "HEAD");
const chosen = Object.values(filesOf("change"))
  .flat()
  .filter((path) => drawOf(`${commit} ${path}`) < share);
process.stdout.write(`${chosen.length} test files by themselves, chosen by ${commit}\n`);
const flags = ["--isolate", "--sequence.shuffle.tests", `--sequence.seed=${Number.parseInt(commit.slice(0, 7), 16)}`];
const { status } = spawnSync("vitest", ["run", ...flags, ...chosen], { cwd: ROOT, stdio: "inherit" });
process.exitCode = status ?? 1;

/** From 0 to 1, the same for the same words. */
function drawOf(words: string): number {
  return createHash("sha1").update(words).digest().readUInt32BE(0) / 2 ** 32;
}
