import { defineCommand } from "../command/define-command.ts";
import { timeOption } from "../command/parse-command.ts";
import type { Commands } from "../command/program.ts";
import { ID } from "./options.ts";
import { WAIT_SLICE } from "./wait-slice.ts";

/** The commands that look at sessions: what each one takes, and where it is done. */
export const LOOKING = {
  status: {
    what: "how a session is; without an id every session of this work tree",
    command: defineCommand({
      options: (command) => command.argument("[id]", ID).option("--json", "print JSON", false),
      run: async ([id], flags) => (await import("./status.ts")).status(id, flags),
    }),
  },
  summary: {
    what: "the opening of a session's last report",
    command: defineCommand({
      options: (command) => command.argument("[id]", ID),
      run: async ([id]) => (await import("./status.ts")).summary(id),
    }),
  },
  list: {
    what: "the sessions of this work tree, newest first",
    command: defineCommand({
      options: (command) =>
        command.option("--all", "those of every work tree", false).option("--json", "print JSON", false),
      run: async (_, flags) => (await import("./status.ts")).list(flags),
    }),
  },
  wait: {
    what: "waits until sessions settle or want something; exits like their last run",
    command: defineCommand({
      options: (command) =>
        command
          .argument("[ids...]", ID)
          .addOption(
            timeOption(
              "--timeout <time>",
              "how long to wait; 0: for ever; when it ends first: exit 0, and status= says what goes on",
              WAIT_SLICE,
            ),
          )
          .option("--any", "until one of several settles", false)
          .option("--strict", "exit 2 when the time ends first", false)
          .option("--no-answer", "print the keys without the answers"),
      run: async ([ids], flags) => (await import("./wait.ts")).wait(ids, flags),
    }),
  },
  logs: {
    what: "what a session has done",
    command: defineCommand({
      options: (command) =>
        command
          .argument("[id]", ID)
          .option("--follow", "go on as it happens", false)
          .option("--events", "the journal (NDJSON) instead of the activity log", false),
      run: async ([id], flags) => (await import("./logs.ts")).logs(id, flags),
    }),
  },
  watch: {
    what: "a live view of sessions in the terminal",
    command: defineCommand({
      options: (command) => command.argument("[ids...]", ID).option("--all", "the sessions of every work tree", false),
      run: async ([ids], flags) => (await import("./watch.ts")).watch(ids, flags),
    }),
  },
} satisfies Commands;
