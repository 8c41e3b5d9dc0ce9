import { Option } from "@commander-js/extra-typings";
import { defineCommand } from "../command/define-command.ts";
import type { Commands } from "../command/program.ts";
import { addWideOptions } from "../command/turn-options.ts";
import { ID, waitOption } from "./options.ts";

const FULL_ACCESS = ["danger-full-access"] as const;

/** The commands that take, end, continue or remove what there is: what each one takes, and where it is done. */
export const KEEPING = {
  patch: {
    what: "what a session with --worktree has changed, as a patch",
    command: defineCommand({
      options: (command) => command.argument("[id]", ID),
      run: async ([id]) => (await import("./patch.ts")).patch(id),
    }),
  },
  apply: {
    what: "merges that into the work tree the session was started in",
    command: defineCommand({
      options: (command) => command.argument("[id]", ID),
      run: async ([id]) => (await import("./patch.ts")).apply(id),
    }),
  },
  stop: {
    what: "ends a session's turn, its worker and its Codex; the queue stays",
    command: defineCommand({
      options: (command) => command.argument("[id]", ID).option("--all", "every session of this work tree", false),
      run: async ([id], flags) => (await import("./stop.ts")).stop(id, flags),
    }),
  },
  resume: {
    what: "goes on with what is left in a session's queue",
    command: defineCommand({
      options: (command) =>
        addWideOptions(
          command
            .argument("[id]", ID)
            .addOption(new Option("--sandbox <mode>", "for a message that was sent with it").choices(FULL_ACCESS)),
        ).addOption(waitOption()),
      run: async ([id], flags) => (await import("./resume.ts")).resume(id, flags),
    }),
  },
  rename: {
    what: "gives a session another name",
    command: defineCommand({
      options: (command) =>
        command.argument("[id]", ID).argument("[name]", "the new name; alone, it is for the only one"),
      run: async ([first, second]) => (await import("./rename.ts")).rename(first, second),
    }),
  },
  forget: {
    what: "removes one session, with its worktree, runs and reports",
    command: defineCommand({
      // Without it, it goes by our own words.
      options: (command) => command.argument("[id]", ID).usage("[options] <id>"),
      run: async ([id]) => (await import("./forget.ts")).forget(id),
    }),
  },
  clean: {
    what: "removes sessions and runs that are finished and old",
    command: defineCommand({
      options: (command) =>
        command
          .option("--older-than <age>", "how old: 7d (the default), 12h, 30m", "7d")
          .option("--dry-run", "only list what would be removed", false),
      run: async (_, flags) => (await import("./clean.ts")).clean(flags),
    }),
  },
} satisfies Commands;
