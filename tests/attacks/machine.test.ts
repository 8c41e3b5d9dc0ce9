import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { ask, startAsk } from "../support/ask.ts";
import { canMount, smallDisk } from "../support/machine/small-disk.ts";
import { run, say } from "../support/model/replies.ts";
import { ROOT } from "../support/paths.ts";
import { PROGRAM } from "../support/programs.ts";
import { inMatrix } from "../support/suite.ts";
import { createWorld } from "../support/world.ts";

// A machine that does not give what a run needs: what is said of it is named as what it is, and nothing that is not there is named.
const NO_NAMESPACES = join(ROOT, "tests", "attacks", "programs", "no-namespaces");
// Another user's Codex starts its sandbox there all the same: root in a namespace of its own needs no further one.
const canForbid = process.getuid?.() === 0 && (await execa(NO_NAMESPACES, ["true"], { reject: false })).exitCode === 0;

describe.runIf(canForbid)("a machine on which Codex's sandbox cannot start", () => {
  test("the run of which no command got to run has failed, as sandbox, whatever the answer says", async () => {
    await using world = await createWorld({ script: [run("ls"), run("cat README"), say("All is well.")] });
    const asked = await ask(world, [PROGRAM, "Look"], { program: NO_NAMESPACES });
    expect(asked).toMatchObject({ code: 1, keys: { status: "failed", error_kind: "sandbox" } });
    expect(asked.stderr).toContain("no command could run, because Codex's sandbox does not start here");
    expect(asked.report).toContain("user namespaces");
    expect(asked.report).toContain("All is well.");
  });

  inMatrix(() => {
    test("a run without commands needs none", async () => {
      await using world = await createWorld({ script: [say("All is well.")] });
      expect(await ask(world, [PROGRAM, "Say"], { program: NO_NAMESPACES })).toMatchObject({ code: 0 });
    });
  });
});

test.each([{ words: ["Work"] }, { words: ["batch", "plan.json"] }, { words: ["review"] }])(
  "a machine that has hardly a descriptor left is named as that: $words",
  async ({ words }) => {
    const files = { "plan.json": JSON.stringify({ tasks: [{ id: "a", prompt: "Do it" }] }) };
    await using world = await createWorld({ script: () => say("Done."), files });
    for (const limit of [20, 24, 32]) {
      const asked = await ask(world, ["-c", `ulimit -n ${limit}; exec "$@"`, "bash", PROGRAM, ...words], {
        program: "/bin/bash",
      });
      expect(asked.stderr, `${limit}`).not.toMatch(/node:|Unhandled|Unexpected error|TypeError/);
      // From 32 on it is Codex that may have too few, and says so in words of its own, or does without.
      if (limit < 32) expect(asked.stderr, `${limit}`).toMatch(/EMFILE|descriptors/);
    }
  },
);

describe.runIf(canMount)("a disk that fills up in the middle of a run", () => {
  test.each([
    { name: "the report in the run's folder", output: false },
    { name: "a report elsewhere", output: true },
  ])("is named as the cause, and of $name nothing is named that is not there", async ({ output }) => {
    const script = [run("while ! test -e go; do sleep 0.1; done"), say("Done.")];
    await using world = await createWorld({ script, git: false });
    await using disk = await smallDisk(world.home);
    const flags = output ? ["-o", join(world.workspace, "report.md")] : [];
    const env = { ASK_CODEX_HOME: disk.path };
    await using asking = startAsk(world, ["--read-only", ...flags, "Wait"], { env });
    await world.model.asked(1);
    disk.fill();
    await writeFile(join(world.workspace, "go"), "");
    const asked = await asking.done;
    expect(asked.code).toBe(1);
    expect(asked.keys["error_kind"]).toBe("system");
    expect(asked.stderr).toContain("ENOSPC");
    expect(asked.stderr).toContain("Make room on the disk");
    expect(asked.stderr).not.toContain("bug in ask_codex");
    const named = asked.keys.output_path;
    expect(named === undefined || existsSync(named)).toBe(true);
    if (output) expect(named).toBe(join(world.workspace, "report.md"));
  });
});
