import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { ROOT } from "../support/paths.ts";

const MODULE = JSON.stringify(join(ROOT, "src", "process", "end-with-us.ts"));

test.each([
  { name: "a signal that nothing listens to ends both", listen: "", ours: null, signal: "SIGTERM" },
  { name: "who listens to the signal decides for itself", listen: LISTENER(), ours: 7, signal: null },
])("$name", async ({ listen, ours, signal }) => {
  const us = startUs(`${listen} console.log(child.pid);`);
  const pid = Number(String((await once(us.stdout, "data"))[0]));
  us.kill("SIGTERM");
  expect(await once(us, "exit")).toEqual([ours, signal]);
  await gone(pid);
});

test("an exit of ours ends the child", async () => {
  const us = startUs("console.log(child.pid); child.once('spawn', () => process.exit(3));");
  const pid = Number(String((await once(us.stdout, "data"))[0]));
  await once(us, "exit");
  await gone(pid);
});

/** It ends itself by an exit, which ends the child as well. */
function LISTENER(): string {
  return "process.on('SIGTERM', () => process.exit(child.exitCode === null && !child.killed ? 7 : 1));";
}

function startUs(rest: string) {
  const script = `
    import { spawn } from "node:child_process";
    import { endWithUs } from ${MODULE};
    const child = spawn("sleep", ["60"], { stdio: "ignore" });
    endWithUs(child);
    ${rest}`;
  return spawn("node", ["--import", "tsx", "--input-type=module", "-e", script], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** Waits for the end of a process that is not a child of ours. */
async function gone(pid: number): Promise<void> {
  await execa("tail", [`--pid=${pid}`, "-f", "/dev/null"], { timeout: 10_000 });
}
