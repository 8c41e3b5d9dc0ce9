import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { brokerIn } from "../support/broker.ts";
import { CLAUDE_PACKAGE, claudeBin } from "../support/claude/claude-code.ts";
import { startMessagesApi } from "../support/claude/messages-api.ts";
import { executorEnv } from "../support/claude/scripted-executor.ts";
import { git } from "../support/git/git.ts";
import { install } from "../support/machine/install.ts";
import { BROKER } from "../support/programs.ts";
import { CLAUDE_NEWEST, NEWEST } from "../support/versions.ts";
import { demonstrate, type Stage } from "./frame.ts";
import { executorScript, GOAL, leadScript } from "./orchestrated-shop.ts";
import { runProgram } from "./run-program.ts";
import { SHOP } from "./shop.ts";
import { cited, command, heading, say } from "./show.ts";

// Codex leads, Claude Code does the work.
process.exitCode = await demonstrate({
  world: { script: leadScript, files: SHOP },
  tell: orchestrate,
  closing: `With your own logins, in a git repository: ${relative(process.cwd(), BROKER)} orchestrate "…"   (more: orchestrate --help)`,
});

async function orchestrate(stage: Stage): Promise<void> {
  const { world, check } = stage;
  heading("Set up");
  await install(CLAUDE_PACKAGE, CLAUDE_NEWEST);
  await using api = await startMessagesApi(executorScript(world));
  // Whoever is interrupted leaves a session at work: this stops it.
  await using _sessions = brokerIn(world);
  say("a git repository with a bug in cart.js; its test fails");
  say(`the real Codex ${NEWEST} and the real Claude Code ${CLAUDE_NEWEST}, without a login; yours are not touched`);
  say("a scripted model for each on loopback: its words are in tests/demo/orchestrated-shop.ts, the rest is real");

  heading("The goal");
  command("cd", world.workspace);
  const args = ["orchestrate", "--validation", "node --test", GOAL, "--wait"];
  command(BROKER, ...args);
  const env = { ...(await executorEnv(world, api.url)), ASK_CODEX_CLAUDE: claudeBin(CLAUDE_NEWEST) };
  const { code, stdout, seconds } = await runProgram(stage, BROKER, args, env);
  cited(stdout, { columns: 120 });
  check(code === 0, `exit code ${code} after ${seconds} s: every task of the queue is completed`);

  heading("The report (without its empty lines)");
  const report = await readFile(/^last_output_path=(.*)$/m.exec(stdout)?.[1] ?? "", "utf8");
  cited(report.slice(report.indexOf("## Tasks")).replaceAll(/\n+/g, "\n"), { columns: 120 });
  const held = api.faults.length === 0 && report.includes("### Requests refused");
  check(held, "the request that was too wide was refused, and Claude has worked on the better one alone");

  heading("What git says");
  const diff = await git(world.workspace, "diff", "-U0");
  cited(diff.slice(diff.indexOf("--- ")));
  check(/^\+.*quantity/m.test(diff), "Claude has edited the file");
}
