import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { holdThread } from "../../../src/ask/model/thread-hold.ts";
import type { Holder } from "../../../src/process/hold.ts";
import { findProcess } from "../../../src/process/table.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const DEAD = { pid: 2 ** 22 + 1, startedAt: "0", runId: "dead" };

async function me(runId: string): Promise<Holder> {
  return { pid: process.pid, startedAt: (await findProcess(process.pid))?.startedAt ?? "", runId };
}

test("a thread has one holder, who is named to the next, and is free when it is released", async () => {
  await using temp = await tempFolder();
  const hold = await holdThread(temp.path, "t", { own: await me("first") });
  const busy = { kind: "session_busy", message: expect.stringContaining("first") };
  await expect(holdThread(temp.path, "t", { own: await me("second") })).rejects.toMatchObject(busy);
  const other = await holdThread(temp.path, "u", { own: await me("second") });
  await hold.release();
  const again = await holdThread(temp.path, "t", { own: await me("second") });
  await Promise.all([again.release(), other.release()]);
  expect(await readdir(join(temp.path, "threads"))).toEqual([]);
});

test("of many that want a thread at once, free or held by a dead one, exactly one gets it", async () => {
  await using temp = await tempFolder();
  for (const thread of ["free", "dead"]) {
    if (thread === "dead") await holdThread(temp.path, thread, { own: DEAD });
    const owners = await Promise.all(Array.from({ length: 30 }, (_, index) => me(`run-${index}`)));
    const ends = await Promise.allSettled(owners.map((own) => holdThread(temp.path, thread, { own })));
    const refused = ends.flatMap((end) => (end.status === "rejected" ? [end.reason.kind] : []));
    expect(refused).toEqual(Array(29).fill("session_busy"));
  }
});

test("a worker that is asked to give way and never answers is waited for until the signal comes", async () => {
  await using temp = await tempFolder();
  await holdThread(temp.path, "t", { own: { ...(await me("worker")), session: "/a session" } });
  const cancel = new AbortController();
  const askToYield = () => {
    cancel.abort(new Error("cancelled"));
    return new Promise<boolean>(() => {});
  };
  const asked = holdThread(temp.path, "t", { own: await me("second"), askToYield, signal: cancel.signal });
  await expect(asked).rejects.toThrow("cancelled");
  expect(await readdir(join(temp.path, "threads"))).toEqual(["t.hold"]);
});
