import { candidates } from "../completion/candidates.ts";
import { SHELLS } from "../completion/script.ts";
import { printAtOnce } from "../edge/stdio.ts";
import { table } from "./table.ts";

/** What can come next on a command line, as the script of that shell reads it. Null: there is no such shell. */
export function complete(shell: string, line: readonly string[]): number | null {
  if (!Object.hasOwn(SHELLS, shell)) return null;
  printAtOnce([...(SHELLS[shell]?.library.encodeSuggestions(candidates(table(), line)) ?? [])].join(""));
  return 0;
}
