import { candidates } from "../completion/candidates.ts";
import { isShellName, LIBRARY } from "../completion/library.ts";
import { printAtOnce } from "../edge/stdio.ts";
import { table } from "./table.ts";

/** What can come next on a command line, as the script of that shell reads it. Null: there is no such shell. */
export function complete(shell: string, line: readonly string[]): number | null {
  if (!isShellName(shell)) return null;
  printAtOnce([...LIBRARY[shell].encodeSuggestions(candidates(table(), line))].join(""));
  return 0;
}
