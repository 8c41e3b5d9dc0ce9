import { access } from "node:fs/promises";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { ROOT } from "../support/paths.ts";

/** Starts the demo as `npm run demo` does. */
function startDemo() {
  const demo = execa("tsx", ["tests/demo/demo.ts"], {
    cwd: ROOT,
    preferLocal: true,
    stdin: "ignore",
    all: true,
    reject: false,
  });
  onTestFinished(() => void demo.kill());
  return demo;
}

/** The folder of the demo's world, as its first command names it. */
function folderIn(output: string): string {
  const folder = /^ {2}\$ cd "(.*)\/work space"$/m.exec(output)?.[1];
  if (folder === undefined) throw new Error(`the demo has named no workspace:\n${output}`);
  return folder;
}

test("the demo does the main job and one failure, says so in less than 80 plain lines, and leaves nothing", async () => {
  const { exitCode, stdout, all } = await startDemo();
  expect(exitCode, all).toBe(0);
  const told = stdout.matchAll(/^ {2}\| (status|checks|error_kind)=(.*)$/gm);
  expect([...told].map(([, key, value]) => [key, value])).toEqual([
    ["status", "completed"],
    ["checks", "1/1"],
    ["status", "fatal"],
    ["error_kind", "auth"],
  ]);
  expect(all.split("\n").length).toBeLessThan(80);
  expect(all).not.toContain("\u001b");
  await expect(access(folderIn(stdout))).rejects.toThrow("ENOENT");
});

test("interrupted while Codex works, it ends what it has started and leaves nothing", async () => {
  const demo = startDemo();
  for await (const line of demo.iterable({ from: "stderr" })) {
    if (!line.startsWith("[codex] > ")) continue;
    demo.kill("SIGINT");
    break;
  }
  const { exitCode, stdout, all } = await demo;
  expect(exitCode, all).toBe(130);
  await expect(access(folderIn(stdout))).rejects.toThrow("ENOENT");
});
