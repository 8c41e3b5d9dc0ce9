import { argumentsOf } from "../process/our-processes.ts";
import type { ProcessEntry } from "../process/table.ts";

/**
 * The user's own `notify` program (config.toml), and what it has started: Codex starts it at the end of a turn with a JSON text as its
 * last word, and does not wait for it.
 */
export async function notifyPrograms(processes: readonly ProcessEntry[]): Promise<ReadonlySet<number>> {
  const found = new Set<number>();
  for (const { pid } of processes) if (isNotify(argumentsOf(pid))) found.add(pid);
  // Parents come before their children, or the next look finds them.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, parent } of processes) if (found.has(parent)) found.add(pid);
  }
  return found;
}

function isNotify(words: readonly string[]): boolean {
  return /^\{.*"type":\s*"agent-turn-complete"/s.test(words.at(-1) ?? "");
}
