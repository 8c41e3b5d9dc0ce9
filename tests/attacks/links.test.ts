import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask } from "../support/ask.ts";
import { run, say } from "../support/model/replies.ts";
import { SETUP } from "../support/programs.ts";
import { inMatrix } from "../support/suite.ts";
import { createWorld, type World } from "../support/world.ts";

// Words that mean something in a file of the user's that a link leads to.
const KEY = "ssh-ed25519 AAAAEVIL evil";

/** The user's own file, out of the sandbox's reach. */
async function keysOf(world: World): Promise<string> {
  const keys = join(world.home, ".ssh", "authorized_keys");
  await mkdir(join(world.home, ".ssh"), { recursive: true });
  await writeFile(keys, "mine\n");
  return keys;
}

describe("a sandboxed command that exchanges the place of the report", () => {
  test.each([
    { name: "for a link", output: "REPORT.md", exchange: 'ln -sfn "$HOME/.ssh/authorized_keys" REPORT.md' },
    {
      name: "by its folder",
      output: join("docs", "authorized_keys"),
      exchange: 'mv docs old; ln -s "$HOME/.ssh" docs',
    },
    { name: "for a folder", output: "REPORT.md", exchange: "mkdir REPORT.md" },
  ])("$name gets nothing written there: the report is in the run's folder, and that is said", async (attack) => {
    const script = [run(attack.exchange), say(`Done.\n\n${KEY}\n`)];
    await using world = await createWorld({ script, files: { "docs/a.md": "a\n" } });
    const keys = await keysOf(world);
    const asked = await ask(world, ["-o", attack.output, "Work"]);
    expect(asked.code).toBe(0);
    expect(await readFile(keys, "utf8")).toBe("mine\n");
    expect(await readdir(join(world.home, ".ssh"))).toEqual(["authorized_keys"]);
    expect(asked.keys["output_path"]).toContain(join(world.state, "runs"));
    expect(asked.keys["output_refused"]).toContain(world.workspace);
    expect(asked.stderr).toContain("[WARNING] The report is in the run's folder instead");
    expect(asked.report).toContain(KEY);
  });
});

describe("a link that a repository ships", () => {
  inMatrix(() => {
    test.each([
      { flags: ["-o", "REPORT.md"] },
      { flags: ["--events", "REPORT.md"] },
      { flags: ["-o", "docs/report.md"] },
      { flags: ["--events", "docs/events.jsonl"] },
    ])("is refused before anything starts: $flags", async ({ flags }) => {
      await using world = await createWorld({ script: () => say("Done.") });
      const keys = await keysOf(world);
      await symlink(keys, join(world.workspace, "REPORT.md"));
      await symlink(join(world.home, ".ssh"), join(world.workspace, "docs"));
      const asked = await ask(world, [...flags, "Work"]);
      expect(asked).toMatchObject({ code: 1, keys: {} });
      expect(asked.stderr).toContain("cannot be written");
      expect(await readFile(keys, "utf8")).toBe("mine\n");
      expect(await readdir(join(world.home, ".ssh"))).toEqual(["authorized_keys"]);
      expect(world.model.requests).toEqual([]);
    });
  });

  test.each([
    { name: "stats --html", args: ["stats", "--html", "out/page.html"], ships: ["out"] },
    { name: "handoff new", args: ["handoff", "new", "auth", "-w", "out"], ships: ["out"] },
    { name: "handoff convert", args: ["handoff", "convert", "CODEX-A.md", "-o", "out/a.json"], ships: ["out"] },
    { name: "batch", args: ["batch", "plan.json", "-o", "out/report.md"], ships: ["out"] },
    { name: "review", args: ["review", "-o", "out/report.md"], ships: ["out"] },
    { name: "review --sarif", args: ["review", "--sarif", "out/alerts.sarif"], ships: ["out"] },
    { name: "worker --new-key", args: ["worker", "--new-key", "out/key"], ships: ["out"], program: SETUP },
    { name: "handoff learn", args: ["handoff", "learn", "CODEX-A.md", "One clock."], ships: [".ask-codex"] },
  ])("does not lead $name out of it", async ({ args, ships, program }) => {
    const plan = JSON.stringify({ tasks: [{ id: "a", prompt: "Do it" }] });
    const files = { "CODEX-A.md": HANDOFF, "src/a.ts": "", "plan.json": plan };
    await using world = await createWorld({ script: [], files });
    await writeFile(join(world.workspace, "src/a.ts"), "changed\n");
    await keysOf(world);
    for (const name of ships) await symlink(join(world.home, ".ssh"), join(world.workspace, name));
    const asked = await ask(world, args, program === undefined ? {} : { program });
    expect(asked.code).not.toBe(0);
    expect(await readdir(join(world.home, ".ssh"))).toEqual(["authorized_keys"]);
  });
});

const HANDOFF =
  "---\ntask_id: auth-001\nscope:\n  files: [src/a.ts]\nvalidation: [git diff --check]\n---\n\n" +
  "## Tasks\n\n1. In `src/a.ts`, refuse expired tokens.\n\n## Success criteria\n\n- They are refused.\n";
