import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inMatrix } from "../support/suite.ts";
import { until } from "../support/until.ts";
import { CLAUDE_NEWEST } from "../support/versions.ts";
import { folderIn, startDemo } from "./start-demo.ts";

inMatrix(() => {
  test("the demo of an orchestration shows a request refused, one carried out, and the verdicts, and leaves nothing", async () => {
    const { exitCode, stdout, all } = await startDemo("orchestrate");
    expect(exitCode, all).toBe(0);
    expect(stdout).toContain(`Claude Code ${CLAUDE_NEWEST}`);
    expect(all).not.toContain("NOT AS TOLD");
    expect(all.split("\n").length).toBeLessThan(90);
    expect(all).not.toContain("\u001b");
    await expect(access(folderIn(stdout))).rejects.toThrow("ENOENT");
  });
});

inMatrix(() => {
  test("interrupted while Claude works, it ends what it has started and leaves nothing", async () => {
    const demo = startDemo("orchestrate");
    let told = "";
    demo.stdout.on("data", (chunk) => {
      told += chunk;
    });
    await until(async () => {
      if (!told.includes("codex_broker orchestrate")) return undefined;
      const files = await readdir(join(folderIn(told), "state"), { recursive: true }).catch(() => []);
      return files.find((name) => name.endsWith("claude.log"));
    });
    demo.kill("SIGINT");
    const { exitCode, stdout, all } = await demo;
    expect(exitCode, all).toBe(130);
    await expect(access(folderIn(stdout))).rejects.toThrow("ENOENT");
  });
});
