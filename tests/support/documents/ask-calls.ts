import { expect } from "vitest";
import { parseAsk } from "../../../src/cli/ask/command.ts";
import { routeCommand } from "../../../src/cli/ask/route.ts";
import {
  HANDOFF_COMMANDS,
  type HandoffCommand,
  handoffCommand,
  parseHandoff,
} from "../../../src/cli/handoff/commands.ts";
import { parseStats, statsCommand } from "../../../src/cli/stats/flags.ts";
import { optionsOf } from "./flags.ts";
import type { Words } from "./shell-commands.ts";

/** First words that make it something else than a task. */
export const SUBCOMMANDS: ReadonlySet<string> = new Set(["sessions", "stats", "route", "handoff"]);

/** Fails where `ask_codex` would not take these words. `sessions` is left to who has a state folder. */
export function expectCall([name, ...rest]: Words): void {
  switch (name) {
    case "sessions":
      return;
    case "stats":
      return expect(parseStats(rest, new Date())).toHaveProperty("since");
    case "route":
      return void routeCommand().parse([...rest], { from: "user" });
    case "handoff": {
      const [command = "", ...words] = rest;
      expect(Object.keys(HANDOFF_COMMANDS)).toContain(command);
      return expect(parseHandoff(command as HandoffCommand, words), words.join(" ")).toHaveProperty("words");
    }
    default:
      return expect(parseAsk([name ?? "", ...rest])).toMatchObject({ type: "flags" });
  }
}

/** The long names of the flags that subcommands of `ask_codex` have. */
export function flagsOfSubcommands(): readonly (string | undefined)[] {
  const handoffs = (Object.keys(HANDOFF_COMMANDS) as HandoffCommand[]).map((name) => handoffCommand(name));
  return [statsCommand(), routeCommand(), ...handoffs].flatMap((command) => optionsOf(command).map(({ long }) => long));
}
