import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { styleText } from "node:util";
import { inWorld } from "../bench/nothing-left.ts";
import { requireBuilt } from "../support/built.ts";
import { git } from "../support/git.ts";
import { http, run, say } from "../support/model/replies.ts";
import { PROGRAM } from "../support/paths.ts";
import type { World } from "../support/world.ts";
import { ANSWER, BROKEN, MEND, TASK } from "./story.ts";

// Ctrl-C reaches ask_codex too: it ends Codex and itself, and the scopes below take down the rest.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(name, () => {});

process.exitCode = await main();

/** The main job and one failure, for real: only the model is scripted. */
async function main(): Promise<number> {
  await requireBuilt(new AbortController().signal);
  const told = [await mainJob(), await failingCase()];
  if (!told.every(Boolean)) {
    print(styleText("red", "\nThe demo did not go as told."));
    return 1;
  }
  print("\nNo process and no file of these runs is left: that was checked.");
  print("With a Codex of your own that is logged in, the same command does your own work:");
  print(`  ${styleText("bold", 'scripts/ask_codex "Explain what this repository does" --read-only')}`);
  return 0;
}

async function mainJob(): Promise<boolean> {
  const script = [run("cat sum.mjs", "node --test"), run(MEND), run("node --test"), say(ANSWER)];
  return inWorld({ script, files: BROKEN }, async (world) => {
    title("A repository with a bug, the real Codex, a scripted model on loopback (no login, no network)");
    const code = await askCodex(world, [TASK, "--file", "sum.mjs", "--verify-cmd", "node --test"]);
    if (code.exitCode !== 0) return false;
    title("The report");
    print((await readFile(code.outputPath, "utf8")).trimEnd());
    title("The work tree, as git sees it");
    const diff = await git(world.workspace, "diff", "--stat", "--patch", "--unified=0");
    print(diff.trimEnd());
    return diff.includes("+  return numbers.reduce");
  });
}

async function failingCase(): Promise<boolean> {
  return inWorld({ script: [http(401)], files: BROKEN }, async (world) => {
    title("When Codex cannot work: here the model provider refuses the login (HTTP 401)");
    const { exitCode } = await askCodex(world, [TASK]);
    print(`\nExit code 3 means: Codex cannot work now. error_kind= says why, and stderr what to do about it.`);
    return exitCode === 3;
  });
}

/** Runs the compiled program as anybody would, its progress passed through, and shows command, stdout and exit code. */
async function askCodex(world: World, args: readonly string[]) {
  const shown = args.map((arg) => (/^[\w./-]+$/.test(arg) ? arg : `"${arg}"`)).join(" ");
  print(styleText("bold", `$ scripts/ask_codex ${shown}`));
  const child = spawn(PROGRAM, [...args], {
    cwd: world.workspace,
    env: { ...world.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk;
  });
  const [exitCode] = (await once(child, "close")) as [number | null];
  print(stdout.replaceAll(world.state, "<state>").trimEnd());
  print(styleText("bold", `exit code ${exitCode}`));
  return { exitCode, outputPath: /^output_path=(.*)$/m.exec(stdout)?.[1] ?? "" };
}

function title(text: string): void {
  print(`\n${styleText(["bold", "cyan"], `— ${text}`)}`);
}

/** Colours only for a terminal that wants them. */
function print(text: string): void {
  const plain = !process.stdout.isTTY || Boolean(process.env["NO_COLOR"]);
  process.stdout.write(`${plain ? text.replaceAll(/\u001b\[\d+m/g, "") : text}\n`);
}
