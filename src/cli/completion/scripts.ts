import type { Commands } from "../command/program.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { places } from "./places.ts";
import { zshScript } from "./zsh.ts";

/**
 * What each shell reads to complete the commands and flags of all three programs. `own`: those of `ask-codex`. The build works this out
 * beforehand and puts in the texts alone: otherwise `ask-codex` would carry the commands of the other programs as well.
 */
export function completionScripts(own: Commands): Readonly<Record<string, string>> {
  const all = places(own);
  return { bash: bashScript(all), zsh: zshScript(all), fish: fishScript(all) };
}
