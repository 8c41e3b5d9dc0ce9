import { spawnSync } from "node:child_process";
import { ROOT } from "../paths.ts";
import { filesOf } from "./projects.ts";
import { commit, shareOf } from "./share.ts";

// `npm run test:alone [share]`: a share of the test files (default 0.1, chosen by the commit), each in a process of its own and its
// tests in another order, so that no test can lean on one before it.
const chosen = shareOf(Object.values(filesOf("change")).flat(), Number(process.argv[2] ?? 0.1));
process.stdout.write(`${chosen.length} test files by themselves, chosen by ${commit()}\n`);
const flags = ["--isolate", "--sequence.shuffle.tests", `--sequence.seed=${Number.parseInt(commit().slice(0, 7), 16)}`];
const { status } = spawnSync("vitest", ["run", ...flags, ...chosen], { cwd: ROOT, stdio: "inherit" });
process.exitCode = status ?? 1;
