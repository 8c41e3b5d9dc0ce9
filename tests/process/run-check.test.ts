import { existsSync, mkdtempSync, realpathSync, rmSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type CheckOptions, runCheck } from "../../src/process/run-check.ts";

/** Runs a command that makes a file `started`, and cancels it as soon as it has. */
async function cancelled(command: string, graceMs?: NonNullable<CheckOptions["graceMs"]>) {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), "ask-codex-check-")));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  const controller = new AbortController();
  const watching = watch(cwd, (_, name) => {
    if (name === "started") controller.abort("SIGTERM");
  });
  const run = await runCheck(command, {
    cwd,
    env: { PATH: process.env["PATH"] ?? "", HOME: cwd },
    limitMs: 30_000,
    outputPath: join(cwd, "output"),
    signal: controller.signal,
    ...(graceMs === undefined ? {} : { graceMs }),
  });
  watching.close();
  return { ...run, cleanedUp: existsSync(join(cwd, "cleaned")) };
}

const CLEANS_UP = "trap 'touch cleaned; exit 7' TERM; touch started; sleep 600.31 & wait";

test("a cancelled command that is given time cleans up", async () => {
  const run = await cancelled(CLEANS_UP, { atLimit: 20_000, cancelled: 20_000 });
  expect(run).toMatchObject({ exitCode: 7, timedOut: false, cleanedUp: true });
});

test("without time it is gone at once", async () => {
  expect(await cancelled(CLEANS_UP)).toMatchObject({ exitCode: null, cleanedUp: false });
});

test("one that does not end in its time is ended", async () => {
  const run = await cancelled("trap '' TERM; touch started; sleep 600.32", { atLimit: 20_000, cancelled: 50 });
  expect(run).toMatchObject({ exitCode: null, timedOut: false });
});
