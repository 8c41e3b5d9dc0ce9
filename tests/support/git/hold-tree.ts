import { readdirSync } from "node:fs";
import { join } from "node:path";
import { aloneInTree, type WrittenTree } from "../../../src/workspace/write/alone-in-tree.ts";
import { until } from "../until.ts";

/** Has a work tree, as another process of ours would that writes into it, until someone waits for it; then writes. `done`: that is over. */
export async function holdTree(place: WrittenTree, write: () => unknown): Promise<{ readonly done: Promise<void> }> {
  let begun = () => {};
  const begins = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const done = aloneInTree(place, async () => {
    begun();
    // Beside the hold itself, what a process that waits tries to take it with.
    await until(async () => readdirSync(join(place.state, "landings")).length > 1 || undefined);
    await write();
  });
  await begins;
  return { done };
}
