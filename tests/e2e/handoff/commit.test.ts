import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ledgerPath } from "../../../src/ledger/ledger.ts";
import { ask, startAsk } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { found, handoff, PROJECT, plan, type Written } from "../../support/handoffs.ts";
import { run, say } from "../../support/model/replies.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { untilGone, untilRunning } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";

const GROSS = "sed -i 's/return net;/return net * 1.19;/' src/price.js";

async function shop(command: string, written: Written = {}): Promise<World> {
  const world = await createWorld({ files: PROJECT, script: [run(command), say("It is done.\n\nDONE")] });
  await plan(world, { files: ["**"], commit: "Gross", ...written });
  return world;
}

const hook = (world: World, name: string, script: string) =>
  writeFile(join(world.workspace, ".git/hooks", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });

/** Index, HEAD, and what lies in .git that was not there: a lock. */
async function repositoryState({ workspace }: World) {
  const folder = join(workspace, ".git");
  const index = await readFile(join(folder, "index"), "hex");
  const locks = (await readdir(folder, { recursive: true })).filter((name) => /lock|next-index/.test(name));
  return { index, locks, head: await git(workspace, "rev-parse", "HEAD") };
}

describe("the commit", () => {
  // SIGKILL in a hook: kill.test.ts as well.
  withCases<NodeJS.Signals>({ change: ["SIGTERM"], matrix: ["SIGKILL"] }, (signals) => {
    test.for(signals)("%s in a hook leaves the repository as it was", async (signal) => {
      await using world = await shop(`${GROSS}; echo new > src/new.js`);
      await hook(world, "pre-commit", "sleep 600.45");
      const before = await repositoryState(world);
      await using asking = startAsk(world, ["handoff", "run", "CODEX-PRICE.md"]);
      await untilRunning(world, "sleep 600.45");
      asking.child.kill(signal);
      const asked = await asking.done;
      await untilGone(world);
      expect(await repositoryState(world)).toEqual(before);
      expect(await git(world.workspace, "status", "--porcelain")).toBe(" M src/price.js\n?? src/new.js");
      if (signal === "SIGKILL") return;
      expect(asked).toMatchObject({ code: 143, keys: { status: "cancelled", verdict: "failed", commit: "failed" } });
      expect(asked.report).toContain("# Handoff shop-001: failed");
      const result = JSON.parse(await readFile(asked.keys["result"] ?? "", "utf8"));
      expect(result).toMatchObject({ status: "failed", run_status: "cancelled", exit_code: 143 });
      const [line = "", ...more] = (await readFile(ledgerPath(world.state), "utf8")).trim().split("\n");
      expect(more).toEqual([]);
      expect(JSON.parse(line)).toMatchObject({ status: "cancelled", handoff: { committed: false } });
    });
  });

  test("what a validation command edits is not what was judged: nothing is committed", async () => {
    await using world = await shop(GROSS, { validation: ["echo '// more' >> src/price.js"] });
    const before = await repositoryState(world);
    const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
    expect(ended).toMatchObject({ code: 1, result: { status: "partial", commit: { type: "skipped" } } });
    expect(ended.result.commit["reason"]).toContain("src/price.js");
    expect(await repositoryState(world)).toEqual(before);
  });

  inMatrix(() => {
    test("a commit that a validation command makes breaks the contract, and nothing is put upon it", async () => {
      await using world = await shop(GROSS, { validation: ["git commit --quiet --all --message=theirs"] });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 5, result: { status: "violated", commit: { type: "none" } } });
      expect(new Set(found(ended))).toEqual(new Set(["while_validating"]));
      expect(await git(world.workspace, "log", "-1", "--format=%s")).toBe("theirs");
    });

    test("an index that is locked makes it partial", async () => {
      await using world = await shop(GROSS);
      await writeFile(join(world.workspace, ".git/index.lock"), "");
      const before = await repositoryState(world);
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 1, result: { status: "partial", commit: { type: "failed" } } });
      expect(ended.result.notes).toContain("index.lock");
      expect(await repositoryState(world)).toEqual(before);
    });
  });

  inMatrix(() => {
    test("what a hook adds or changes is told, and the user's index has it", async () => {
      await using world = await shop(GROSS);
      await hook(
        world,
        "pre-commit",
        "echo made > made.txt; echo '// hook' >> src/price.js; git add made.txt src/price.js",
      );
      const asked = await ask(world, ["handoff", "run", "CODEX-PRICE.md"]);
      const files = ["made.txt", "src/price.js"];
      const result = JSON.parse(await readFile(asked.keys["result"] ?? "", "utf8"));
      expect(result.commit).toMatchObject({ type: "made", files, unjudged: files, stale: null });
      expect(asked.code).toBe(0);
      expect(asked.report).toContain(
        "A hook added or changed these, which were not judged: `made.txt`, `src/price.js`.",
      );
      expect(asked.stderr).toContain("these files were not judged as they are in it: made.txt, src/price.js");
      expect(await git(world.workspace, "status", "--porcelain")).toBe("");
      expect(await git(world.workspace, "show", "HEAD:src/price.js")).toContain("// hook");
    });
  });

  inMatrix(() => {
    test("a file that becomes a folder, and a name that is not UTF-8, are committed", async () => {
      const command =
        "rm src/tax.js; mkdir src/tax.js; echo 1 > src/tax.js/index.js; echo 1 > \"$(printf 'caf\\351.txt')\"";
      await using world = await shop(command);
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 0, result: { status: "completed", commit: { type: "made" } } });
      expect(await git(world.workspace, "ls-tree", "-r", "--name-only", "HEAD")).toContain('"caf\\351.txt"');
      expect(await git(world.workspace, "status", "--porcelain")).toBe("");
    });

    test("a user who has no name is told so", async () => {
      await using world = await shop(GROSS);
      await git(world.workspace, "config", "user.useConfigOnly", "true");
      const names = ["GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL"];
      const env = Object.fromEntries(names.map((name) => [name, undefined]));
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"], { env });
      expect(ended).toMatchObject({ code: 1, result: { status: "partial", commit: { type: "failed" } } });
      expect(ended.result.commit["reason"]).toMatch(/^git does not know who commits; set user\.name and user\.email/);
    });
  });
});
