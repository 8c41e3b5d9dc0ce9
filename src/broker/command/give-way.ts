import type { Holder } from "../../process/hold.ts";
import { yielded } from "../socket/protocol.ts";
import { sayWord } from "../socket/say-word.ts";

/** Asks the worker of a session to let go of its thread; false when it is at work, or does not answer. */
export async function giveWay({ session }: Holder): Promise<boolean> {
  if (session === undefined) return false;
  const answer = await sayWord(session, { type: "yield" }, yielded).catch(() => ({ yielded: false }));
  return answer.yielded;
}
