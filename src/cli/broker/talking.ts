import { defineCommand } from "../command/define-command.ts";
import type { Commands } from "../command/program.ts";
import { addFileOptions, addSettingsOptions, addTaskOptions, addWideOptions, TASK } from "../command/turn-options.ts";
import { ID, waitOption } from "./options.ts";
import { addOrchestrationOptions, addStartOptions, GOAL } from "./start-options.ts";

/** The commands that say something to a session: what each one takes, and where it is done. */
export const TALKING = {
  start: {
    what: "a new session: hands over the task and returns; the work goes on",
    command: defineCommand({
      options: (command) => addStartOptions(command.argument("[task]", TASK)),
      run: async ([task], flags, given) => (await import("./start.ts")).start(task, flags, given),
    }),
  },
  orchestrate: {
    what: "a new session in which Codex plans and delegates, and Claude Code does the work",
    command: defineCommand({
      options: (command) => addOrchestrationOptions(addStartOptions(command.argument("[goal]", GOAL))),
      run: async ([goal], flags) => (await import("./orchestrate.ts")).orchestrate(goal, flags),
    }),
  },
  send: {
    what: "another message for a session: queued, into the running turn, or instead of it",
    command: defineCommand({
      options(command) {
        const withMode = command
          .argument("[id]", ID)
          .argument("[message]", "the message; else --task, --prompt-file or stdin")
          .option("--queue", "after what waits already (the default)", false)
          .option("--steer", "into the running turn; a new turn when it has just ended", false)
          .option("--interrupt", "stop the turn, keep the thread, and go first", false)
          .option("--key <key>", "the same key again is the same message and is not run twice");
        return addWideOptions(addSettingsOptions(addFileOptions(addTaskOptions(withMode)))).addOption(waitOption());
      },
      run: async (args, flags) => (await import("./send.ts")).send(args, flags),
    }),
  },
  answer: {
    what: "answers the question that a session waits with, inside the same turn",
    command: defineCommand({
      options: (command) =>
        addTaskOptions(
          command
            .argument("[id]", ID)
            .argument("[text]", "the answer; else --task, --prompt-file or stdin")
            .option("--question <id>", "which question, where several are open"),
        ).addOption(waitOption()),
      run: async (args, flags) => (await import("./answer.ts")).answer(args, flags),
    }),
  },
  approve: {
    what: "approves what a session waits with (start --approvals ask)",
    command: defineCommand({
      options: (command) => command.argument("[id]", ID).addOption(waitOption()),
      run: async ([id], { wait }) => (await import("./answer.ts")).approve(id, wait),
    }),
  },
  deny: {
    what: "denies what a session waits with, with a reason for Codex to read",
    command: defineCommand({
      options: (command) => command.argument("[id]", ID).argument("[reason]", "why").addOption(waitOption()),
      run: async (args, { wait }) => (await import("./answer.ts")).deny(args, wait),
    }),
  },
} satisfies Commands;
