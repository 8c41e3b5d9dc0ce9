import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import { UsageError } from "../../errors.ts";
import { readPolicy } from "../../handoff/contract/policy.ts";
import { routeFor } from "../../handoff/contract/route.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { makeCommand, parseCommand } from "../command/parse-command.ts";
import { currentFolder } from "../edge/folders.ts";
import { outliveReaders, printAtOnce } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";

/** `ask_codex route`: who is to do a task, by the project's policy. */
export async function route(argv: readonly string[]): Promise<number> {
  const { command, text } = parseCommand(routeCommand, argv);
  if (text !== "") {
    printAtOnce(text);
    return 0;
  }
  const [task = "", extra] = command.args;
  if (extra !== undefined) throw new UsageError(`Unexpected argument: ${extra} (the task is one argument: quote it)`);
  if (task.trim() === "")
    throw new UsageError("There is no task to find the way of.", 'Try: ask_codex route "the task".');
  const { workspace = ".", json } = command.opts<{ readonly workspace?: string; readonly json: boolean }>();
  outliveReaders();
  const folder = await realpath(resolve(currentFolder(), workspace)).catch(() => null);
  if (folder === null) throw new UsageError(`Workspace does not exist: ${workspace}`);
  // Without a repository nothing says how far up a policy may be.
  const root = (await findWorkTree(folder))?.root ?? folder;
  const policy = await readPolicy(folder, root);
  const way = routeFor(task, policy.delegation);
  // What the policy wants of the one who does it.
  const rules = way.route === "ask" ? [] : policy.executors[way.route];
  const told = { ...way, policy: policy.path };
  if (json) process.stdout.write(`${JSON.stringify({ schema_version: SCHEMA_VERSION, ...told, rules })}\n`);
  else process.stdout.write(lines([...Object.entries(told), ...rules.map((rule) => ["rule", rule] as const)]));
  return 0;
}

/** The command as commander knows it. */
export function routeCommand(): Command {
  return makeCommand("ask_codex route", "tell who is to do a task: codex, claude, or ask", (command) => {
    command
      .argument("[task]", "the task, in a sentence")
      .option("-w, --workspace <path>", "whose policy counts (default: here)")
      .option("--json", "print one JSON object instead of key=value lines", false);
  });
}
