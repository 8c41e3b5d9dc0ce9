import { runCommands } from "../command/run-commands.ts";
import { refuseInside } from "../edge/refuse-inside.ts";
import { type BrokerCommand, COMMANDS, parseBroker, type Words } from "./commands.ts";

/** `codex_broker`: one command a call; the exit code is left to it. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv[0] === "__worker") process.exitCode = await (await import("./worker.ts")).work(argv[1] ?? "");
  else
    await runCommands(
      {
        program: "codex_broker",
        commands: COMMANDS,
        about: ABOUT,
        exits: EXITS,
        otherwise: "",
        parse: parseBroker,
        perform,
      },
      argv,
    );
}

const ABOUT =
  "Sessions with Codex that outlive the command: watched, steered, answered and collected from any later one.";

const EXITS = `0 done · 1 failed, or the command line is wrong
            wait and --wait exit like the session's last run: 0 completed · 1 failed, interrupted by a crash, or a check
            failed · 2 time ran out · 3 Codex cannot work now · 4 Codex asks, or wants an approval · 130/143/129 cancelled`;

async function perform(name: BrokerCommand, words: Words): Promise<number> {
  switch (name) {
    case "start":
      refuseInside("codex_broker");
      return (await import("./start.ts")).start(words);
    case "send":
    case "resume":
    case "answer":
    case "approve":
    case "deny":
      refuseInside("codex_broker");
      return (await import("./send.ts"))[name](words);
    case "status":
    case "summary":
    case "list":
      return (await import("./status.ts"))[name](words);
    case "wait":
      return (await import("./wait.ts")).wait(words);
    case "logs":
      return (await import("./logs.ts")).logs(words);
    case "watch":
      return (await import("./watch.ts")).watch(words);
    case "patch":
    case "apply":
      return (await import("./patch.ts"))[name](words);
    case "stop":
      return (await import("./stop.ts")).stop(words);
    case "clean":
      return (await import("./clean.ts")).clean(words);
  }
}
