import { setMaxListeners } from "node:events";
import { inBatches } from "../../bounds/in-batches.ts";
import type { Inspected } from "../../broker/command/inspect-session.ts";
import { waitForSession } from "../../broker/command/wait-session.ts";
import { exitCodeOfSession, isSettled } from "../../broker/store/settled.ts";
import { isNamed, sessionFrom } from "../command/session-place.ts";
import { writeOut } from "../edge/stdio.ts";
import { lastAnswer, lastAnswerText } from "../output/last-answer.ts";
import { personsForm } from "../output/persons-form.ts";
import { progressText, sessionText } from "../output/session-text.ts";
import { inspected } from "./status.ts";

interface Waiting {
  readonly seconds: number;
  readonly any: boolean;
  readonly strict: boolean;
  readonly answer: boolean;
}

/** `codex_broker wait`: until the sessions settle or want something, or the slice of time is over. */
export async function wait(
  ids: readonly string[],
  { timeout, ...how }: Omit<Waiting, "seconds"> & { readonly timeout: number },
): Promise<number> {
  const folders: string[] = [];
  for (const id of ids.length === 0 ? [undefined] : ids) folders.push(await sessionFrom("wait", id));
  return waitFor([...new Set(folders)], { seconds: timeout, ...how });
}

/** What `--wait` does after a command; undefined: the flag was not given. */
export async function waitAfter(folder: string, seconds: number | undefined): Promise<number> {
  return seconds === undefined ? 0 : waitFor([folder], { seconds, any: false, strict: false, answer: true });
}

async function waitFor(folders: readonly string[], { seconds, any, strict, answer }: Waiting): Promise<number> {
  const stop = new AbortController();
  // Every session listens; Node takes more than ten for a leak, and says so on stderr.
  setMaxListeners(0, stop.signal);
  const over = seconds > 0 ? setTimeout(() => stop.abort(), seconds * 1000) : undefined;
  const waits = folders.map(async (folder) => {
    const now = await waitForSession(folder, stop.signal);
    if (any && now !== null) stop.abort();
    return now;
  });
  const ended = await Promise.all(waits).finally(() => {
    clearTimeout(over);
    // A session that failed (a damaged file) must not keep us, for the others' sake.
    stop.abort();
  });
  const states = await inBatches(ended, async (now, index) => now ?? inspected(folders[index] ?? ""));
  const settled = states.filter(({ state }) => isSettled(state));
  const form = personsForm();
  const wordsOf = (now: Inspected) => (answer && settled.includes(now) ? lastAnswer(now.state) : "");
  let before = 0;
  const parts: string[] = [];
  for (const now of states) {
    const keys = sessionText(now) + progressText(now.state);
    const text =
      form === null
        ? keys + (wordsOf(now) === "" ? "" : lastAnswerText(now.state, before + Buffer.byteLength(keys)))
        : (await import("./for-eyes.ts")).sessionForEyes(now, wordsOf(now), {
            ...form,
            named: await isNamed(now.state),
          });
    before += Buffer.byteLength(text);
    parts.push(text);
  }
  writeOut(parts.join("\n"));
  if (any ? settled.length === 0 : settled.length < states.length) {
    // Waited for until it was clear that no one comes to do it; otherwise it is only the slice that is over.
    const nobody = ended.some((now) => now !== null && !isSettled(now.state));
    return nobody ? 1 : strict ? 2 : 0;
  }
  // The first that did not go well, in the order they were named.
  return settled.map(({ state }: Inspected) => exitCodeOfSession(state)).find((code) => code !== 0) ?? 0;
}
