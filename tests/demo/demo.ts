import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { execa } from "execa";
import { git } from "../support/git/git.ts";
import { PROGRAM } from "../support/programs.ts";
import { NEWEST } from "../support/versions.ts";
import { demonstrate, type Stage } from "./frame.ts";
import { runProgram } from "./run-program.ts";
import { SHOP, script, TASK } from "./shop.ts";
import { cited, command, heading, say } from "./show.ts";

// The main job and one failure.
process.exitCode = await demonstrate({
  world: { script, files: SHOP },
  async tell(stage) {
    await tellSetUp(stage);
    await doMainJob(stage);
    await failOnce(stage);
  },
  closing: `With your own login, anywhere: ${relative(process.cwd(), PROGRAM)} "…"   (more: --help)`,
});

async function tellSetUp({ world, signal }: Stage): Promise<void> {
  heading("Set up");
  const before = await execa("node", ["--test"], { cwd: world.workspace, reject: false, cancelSignal: signal });
  say(`a git repository with a bug in cart.js; its test fails (node --test: exit ${before.exitCode})`);
  say(`the real Codex ${NEWEST} with a home of its own: no login, and yours is not touched`);
  say(`a scripted model on ${world.model.url}: its words are in tests/demo/shop.ts, what Codex does is real`);
}

async function doMainJob(stage: Stage): Promise<void> {
  const { world, check } = stage;
  heading("The task");
  command("cd", world.workspace);
  const args = ["--verify-cmd", "node --test", TASK];
  command(PROGRAM, ...args);
  const { code, stdout, seconds } = await runProgram(stage, PROGRAM, args);
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

async function failOnce(stage: Stage): Promise<void> {
  heading("And when Codex cannot work: the model refuses the key (HTTP 401)");
  command(PROGRAM, "Now add a discount.");
  const { code, stdout, seconds } = await runProgram(stage, PROGRAM, ["Now add a discount."]);
  cited(stdout);
  const met = code === 3 && /^error_kind=auth$/m.test(stdout);
  stage.check(
    met,
    `exit code ${code} after ${seconds} s: Codex cannot work now; error_kind says why, and stderr what to do`,
  );
}
