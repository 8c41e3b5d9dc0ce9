import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, watch, writeFileSync } from "node:fs";
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

test.each([
  { name: "found by the caller's PATH, whatever a login profile says", command: "project-test", code: 0, tail: "ok\n" },
  {
    name: "that no folder of PATH has is reported with the PATH that was searched",
    command: "no-such-program",
    code: 127,
    tail: expect.stringMatching(/not found\n(?:.*\n)*.*PATH was: \/.*tools/),
  },
])("a program is $name", async ({ command, code, tail }) => {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), "ask-codex-check-")));
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }));
  mkdirSync(join(cwd, "tools"));
  writeFileSync(join(cwd, "tools", "project-test"), "#!/bin/sh\necho ok\n", { mode: 0o755 });
  writeFileSync(join(cwd, ".bash_profile"), "PATH=/usr/bin:/bin\n");
  const run = await runCheck(command, {
    cwd,
    env: { PATH: `${join(cwd, "tools")}:${process.env["PATH"]}`, HOME: cwd },
    limitMs: 30_000,
    outputPath: join(cwd, "output"),
    signal: new AbortController().signal,
  });
  expect(run).toMatchObject({ exitCode: code, outputTail: tail });
});
