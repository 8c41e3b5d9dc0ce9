import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { inWorld } from "./nothing-left.ts";

test("an interrupted bench takes its world down, whatever it waits for", async () => {
  const interrupted = new AbortController();
  const begun: { pid?: number | undefined; home?: string } = {};
  const bench = inWorld({ signal: interrupted.signal, script: [] }, async ({ home, env }) => {
    Object.assign(begun, { home, pid: spawn("sleep", ["600"], { env, stdio: "ignore" }).pid });
    interrupted.abort(new Error("interrupted"));
    await new Promise(() => {});
  });

  await expect(bench).rejects.toThrow("interrupted");

  expect(begun.pid).toBeGreaterThan(0);
  expect([existsSync(`/proc/${begun.pid}`), existsSync(begun.home ?? "")]).toEqual([false, false]);
});
