import { access, readFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { execa } from "execa";
import { messageOf } from "../../src/errors.ts";
import { requireBuilt } from "../support/built.ts";
import { git } from "../support/git/git.ts";
import { describeLeftovers, processesStillWith } from "../support/leftovers.ts";
import { ROOT } from "../support/paths.ts";
import { PROGRAM } from "../support/programs.ts";
import { NEWEST } from "../support/versions.ts";
import { createWorld, type World } from "../support/world.ts";
import { runAsk } from "./run-ask.ts";
import { SHOP, script, TASK } from "./shop.ts";
import { cited, command, heading, say, verdict } from "./show.ts";

// What has been told to end needs a moment to be gone on a busy machine.
const GRACE_MS = 1_000;

process.exitCode = await main();

/** The main job and one failure, end to end, without a login and without a network. Exit code 0: all was as told. */
async function main(): Promise<number> {
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(name, () => interrupted.abort());
  const { signal } = interrupted;
  let asTold = true;
  const check = (met: boolean, text: string) => {
    asTold &&= met;
    verdict(met, text);
  };
  let world: World | undefined;
  try {
    await requireBuilt(signal);
    await using inside = await createWorld({ script, files: SHOP, retries: "default", features: "default" });
    world = inside;
    await tellSetUp(world, signal);
    await doMainJob(world, check, signal);
    await failOnce(world, check, signal);
  } catch (error) {
    if (signal.aborted) say("interrupted");
    else check(false, messageOf(error));
  }
  if (world !== undefined) await lookAround(world, check);
  if (signal.aborted) return 130;
  say(`With your own login, anywhere: ${relative(process.cwd(), PROGRAM)} "…"   (more: --help)`);
  return asTold ? 0 : 1;
}

type Check = (met: boolean, text: string) => void;

async function tellSetUp(world: World, signal: AbortSignal): Promise<void> {
  heading("Set up");
  const before = await execa("node", ["--test"], { cwd: world.workspace, reject: false, cancelSignal: signal });
  say(`a git repository with a bug in cart.js; its test fails (node --test: exit ${before.exitCode})`);
  say(`the real Codex ${NEWEST} with a home of its own: no login, and yours is not touched`);
  say(`a scripted model on ${world.model.url}: its words are in tests/demo/shop.ts, what Codex does is real`);
}

async function doMainJob(world: World, check: Check, signal: AbortSignal): Promise<void> {
  heading("The task");
  command("cd", world.workspace);
  const args = ["--verify-cmd", "node --test", TASK];
  command(PROGRAM, ...args);
  const { code, stdout, seconds } = await runAsk(world, args, signal);
  cited(stdout);
  check(code === 0 && /^status=completed$/m.test(stdout), `exit code ${code} after ${seconds} s, start-up included`);

  heading("The report (output_path; without its empty lines)");
  const report = await readFile(/^output_path=(.*)$/m.exec(stdout)?.[1] ?? "", "utf8");
  cited(report.replaceAll(/\n+/g, "\n"), { columns: 120 });

  heading("What git says");
  const diff = await git(world.workspace, "diff", "-U0");
  cited(diff.slice(diff.indexOf("--- ")));
  check(/^\+.*quantity/m.test(diff), "Codex has edited the file");
  check(/^checks=1\/1$/m.test(stdout), "node --test passes, run by ask_codex itself after Codex had ended");
}

async function failOnce(world: World, check: Check, signal: AbortSignal): Promise<void> {
  heading("And when Codex cannot work: the model refuses the key (HTTP 401)");
  command(PROGRAM, "Now add a discount.");
  const { code, stdout, seconds } = await runAsk(world, ["Now add a discount."], signal);
  cited(stdout);
  const met = code === 3 && /^error_kind=auth$/m.test(stdout);
  check(met, `exit code ${code} after ${seconds} s: Codex cannot work now; error_kind says why, and stderr what to do`);
}

async function lookAround({ env, workspace }: World, check: Check): Promise<void> {
  heading("Afterwards");
  const folder = dirname(workspace);
  const traces = { variable: `ASK_CODEX_WORLD=${env["ASK_CODEX_WORLD"]}`, folder };
  const processes = await processesStillWith(traces, GRACE_MS);
  const gone = processes.length === 0;
  if (process.platform !== "linux") say("(whether a process is left can be seen on Linux only)");
  else check(gone, gone ? "no process is left" : `these are left:\n${describeLeftovers(processes)}`);
  const files = await access(folder).then(
    () => true,
    () => false,
  );
  check(!files, `no file is left: ${relative(ROOT, folder)}/ is gone`);
}
