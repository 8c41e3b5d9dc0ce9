import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inTerminal } from "../../support/machine/in-terminal.ts";
import { obedient } from "../../support/model/batches.ts";
import { PROGRAM } from "../../support/programs.ts";
import { inMatrix } from "../../support/suite.ts";
import { untilRunning } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";

inMatrix(() => {
  test("a terminal shows a table of what runs, in the batch itself and in `batch watch`, and nothing of it at the end", async () => {
    await using world = await createWorld({ files: { "a.txt": "a\n" }, script: obedient });
    const gate = join(world.temp, "gate");
    const plan = join(world.home, "plan.json");
    mkdirSync(world.home, { recursive: true });
    const tasks = [
      { id: "quick", prompt: "RUN: echo one > a.txt" },
      { id: "slow", prompt: `RUN: until test -e ${gate}; do sleep 0.173; done`, after: ["quick"] },
    ];
    writeFileSync(plan, JSON.stringify({ tasks }));
    const going = inTerminal(world, [PROGRAM, "batch", plan]);
    await untilRunning(world, "sleep 0.173");
    const watched = await inTerminal(world, [PROGRAM, "batch", "watch"], {
      seen: (raw) => raw.includes("  slow  ") && writeFileSync(gate, ""),
    });
    const ended = await going;
    expect([ended.code, watched.code]).toEqual([0, 0]);
    expect(ended.raw).toMatch(/batch \S+: 1\/2 clean, 1 running \(slow\), 0 waiting\r?\n {2}slow {2}> until test -e /);
    expect(watched.raw).toMatch(/batch \S+: 1\/2 clean, 1 running \(slow\), 0 waiting\r?\n {2}slow {2}thinking\r?\n/);
    // Whatever was drawn is erased before the last words come.
    for (const { raw } of [ended, watched]) {
      const [last = ""] = raw.split("\u001b[0J").slice(-1);
      expect(last).not.toContain("running (");
      expect(last).toContain("tasks=2/2");
    }
  });
});
