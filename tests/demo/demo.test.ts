import { access } from "node:fs/promises";
import { expect, test } from "vitest";
import { inMatrix } from "../support/suite.ts";
import { folderIn, startDemo } from "./start-demo.ts";

test("the demo does the main job and one failure, says so in less than 80 plain lines, and leaves nothing", async () => {
  const { exitCode, stdout, all } = await startDemo("demo");
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

inMatrix(() => {
  test("interrupted while Codex works, it ends what it has started and leaves nothing", async () => {
    const demo = startDemo("demo");
    for await (const line of demo.iterable({ from: "stderr" })) {
      if (!line.startsWith("[codex] > ")) continue;
      demo.kill("SIGINT");
      break;
    }
    const { exitCode, stdout, all } = await demo;
    expect(exitCode, all).toBe(130);
    await expect(access(folderIn(stdout))).rejects.toThrow("ENOENT");
  });
});
