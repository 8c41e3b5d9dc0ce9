import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { expect } from "vitest";

/** Every option of a command, with --help and --version, which `command.options` has not. */
export function optionsOf(command: CommandUnknownOpts): readonly Option[] {
  return command.createHelp().visibleOptions(command);
}

/** A default as the documents write it. What has none, or depends on something, is told in words. */
export function inWords(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "string") return String(value);
  if (value === false) return "off";
  return Array.isArray(value) ? "none" : expect.stringMatching(/^(?!off$|\d+$)./);
}
