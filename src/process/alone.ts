import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../bounds/monotonic.ts";
import { AskCodexError } from "../errors.ts";
import { newId } from "../files/state-paths.ts";
import { makePrivateFolder } from "../files/write-whole.ts";
import { takeHold } from "./hold.ts";
import { ownHolder } from "./own-holder.ts";

export interface Alone {
  /** What only one process does at a time. */
  readonly path: string;
  /** How long others may take, all together. */
  readonly limitMs: number;
  /** For people, after "process 123 is stuck while it". */
  readonly doing: string;
}

const POLL_MS = 5;

/** Waits until no other process of ours does it, and then does it. */
export async function alone<T>({ path, limitMs, doing }: Alone, act: () => Promise<T>): Promise<T> {
  await makePrivateFolder(dirname(path));
  const owner = await ownHolder(newId());
  const deadline = monotonicMs() + limitMs;
  for (;;) {
    const taking = await takeHold(path, owner);
    if (taking.type === "held") return act().finally(() => taking.hold.release());
    if (monotonicMs() > deadline)
      throw new AskCodexError("internal", `process ${taking.holder.pid} is stuck while it ${doing}`);
    await sleep(POLL_MS);
  }
}
