import { yielded } from "./protocol.ts";
import { call } from "./socket-client.ts";

/** Asks the worker of a session to let go of its thread; false when it is at work, or does not answer. */
export async function giveWay(folder: string): Promise<boolean> {
  const answer = await call(folder, { type: "yield" }, yielded).catch(() => ({ yielded: false }));
  return answer.yielded;
}
