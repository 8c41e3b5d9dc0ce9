import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { git } from "../../support/git/git.ts";
import { found, handoff, PROJECT, plan, type Written } from "../../support/handoffs.ts";
import { run, say } from "../../support/model/replies.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

// What the work writes is run by validation: `src/check.sh` is in scope, and does there what the sandbox would not let Codex do.
const FILES = { ...PROJECT, "src/check.sh": "true\n", "lib/secret.txt": "secret\n", "other.txt": "other\n" };

async function planted(script: string, written: Written = {}): Promise<World> {
  const write = `cat > src/check.sh <<'END'\n${script}\nEND\nsed -i 's/return net;/return net * 1.19;/' src/price.js`;
  const world = await createWorld({ files: FILES, script: [run(write), say("It is done.\n\nDONE")] });
  const usual = {
    files: ["src/**"],
    forbid: ["lib/secret.txt", ".env"],
    validation: ["sh src/check.sh"],
    commit: "Gross",
  };
  await plan(world, { ...usual, ...written });
  return world;
}

const subject = ({ workspace }: World) => git(workspace, "log", "-1", "--format=%s");

describe("what changes while validation runs", () => {
  test("files that scope.forbid names, hooks, configuration and refs break the contract, and nothing is committed", async () => {
    await using world = await planted(
      [
        "echo stolen > lib/secret.txt",
        "echo KEY=1 > .env",
        "echo 'touch pwned' > .git/hooks/post-commit",
        "git config user.name evil",
        `printf '[core]\\nhooksPath = .\\n' >> "$GIT_CONFIG_GLOBAL"`,
        "mkdir -p .git/objects/info; echo /nowhere > .git/objects/info/alternates",
        "git tag evil; git read-tree --empty",
        "echo other > other.txt; echo more >> other.txt; echo dropping > dropping.txt",
      ].join("\n"),
    );
    const settings = join(world.home, "settings");
    await writeFile(settings, "");
    const env = { GIT_CONFIG_GLOBAL: settings };
    const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--on-violation", "revert"], { env });
    expect(ended).toMatchObject({ code: 5, result: { status: "violated", commit: { type: "none" } } });
    expect(found(ended)).toEqual([
      "while_validating .git/hooks/post-commit",
      "while_validating .git/objects/info/alternates",
      `while_validating ${settings}`,
      "while_validating the git configuration",
      "while_validating the index",
      "while_validating lib/secret.txt",
      "while_validating .env",
      "while_validating",
    ]);
    expect(ended.result.notes).toContain("in no commit: other.txt.");
    expect(ended.result.notes).not.toContain("dropping.txt");
    expect(await subject(world)).toBe("plan");
    expect(await readFile(join(world.workspace, "lib/secret.txt"), "utf8")).toBe("secret\n");
  });

  test("the run's own records are sealed: its journal, the thread's record, the ledger", async () => {
    await using world = await planted(
      [
        'for file in "$ASK_CODEX_HOME"/runs/*/events.jsonl; do echo "{}" > "$file"; done',
        'for file in "$ASK_CODEX_HOME"/threads/*; do echo "{}" > "$file"; done',
        'sed -i s/completed/failed/ "$ASK_CODEX_HOME"/ledger.jsonl',
      ].join("\n"),
    );
    await mkdir(world.state, { recursive: true });
    await writeFile(join(world.state, "ledger.jsonl"), '{"status":"completed"}\n');
    const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
    expect(ended).toMatchObject({ code: 5, result: { status: "violated", commit: { type: "none" } } });
    expect(found(ended)).toHaveLength(3);
    for (const finding of found(ended)) expect(finding).toMatch(/^while_validating the run's own \S+\.jsonl?$/);
  });

  inMatrix(() => {
    test("a hook of the user's that runs code of the work is looked at as well", async () => {
      await using world = await planted('test -z "$GIT_INDEX_FILE" || git -c core.hooksPath=/dev/null tag evil');
      await writeFile(join(world.workspace, ".git/hooks/pre-commit"), "#!/bin/sh\nsh src/check.sh\n", { mode: 0o755 });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 5, result: { status: "violated", commit: { type: "made" } } });
      expect(found(ended)).toEqual(["while_validating"]);
    });

    test("`handoff verify` looks again as well", async () => {
      await using world = await planted("true");
      await writeFile(join(world.workspace, "src/check.sh"), "echo stolen > lib/secret.txt\n");
      const ended = await handoff(world, ["verify", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 5, result: { status: "violated" } });
      expect(found(ended)).toEqual(["while_validating lib/secret.txt"]);
    });
  });
});

describe("a formatter among the validation commands", () => {
  const LAYOUT = "sed -i 's/net \\* 1.19/net  *  1.19/' src/price.js";

  const marked = ["marked", "format: sed -i 's/1.19/(1.19 + 0)/' src/price.js"];
  withCases({ change: [["recognised by what it changed", LAYOUT]], matrix: [marked] }, (cases) => {
    test.for(cases)("%s: its result is judged and committed", async ([, command = ""]) => {
      await using world = await planted("true", { validation: [command, "sh src/check.sh"] });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 0, result: { status: "completed", findings: [], commit: { type: "made" } } });
      expect(await git(world.workspace, "status", "--porcelain")).toBe("");
      expect(await git(world.workspace, "show", "HEAD:src/price.js")).toMatch(/ {2}\* {2}1\.19|\(1\.19 \+ 0\)/);
    });
  });

  inMatrix(() => {
    test("what another command changes in files of the work is not what was judged", async () => {
      await using world = await planted("true", { validation: ["sed -i 's/1.19/1.07/' src/price.js"] });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 1, result: { status: "partial", commit: { type: "skipped" } } });
    });
  });
});
