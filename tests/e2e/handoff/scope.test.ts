import { appendFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { ask, startAsk } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { found, type HandoffJson, handoff, PROJECT, plan, type Written } from "../../support/handoffs.ts";
import { run, say } from "../../support/model/replies.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { untilRunning } from "../../support/until.ts";
import { createWorld, type World, type WorldOptions } from "../../support/world.ts";

const GROSS = "sed -i 's/return net;/return net * 1.19;/' src/price.js";
const done = () => say("The price is gross now.\n\nDONE");
const FREE = ["--sandbox", "danger-full-access"];

async function shop(script: WorldOptions["script"], written: Written = {}): Promise<World> {
  const world = await createWorld({ files: PROJECT, script });
  await plan(world, written);
  return world;
}

const read = (world: World, path: string) => readFile(join(world.workspace, path), "utf8");

describe("what git does not show", () => {
  test("files in a folder that ignores itself are out of scope like others, and can be put back", async () => {
    await using world = await shop([
      run(`${GROSS}; mkdir evil; echo '*' > evil/.gitignore; echo x > evil/a.js`),
      done(),
    ]);
    const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--on-violation", "revert"]);
    expect(ended).toMatchObject({ code: 5, result: { status: "violated", undone: { type: "reverted", left: [] } } });
    expect(found(ended)).toEqual(["scope evil/.gitignore", "scope evil/a.js"]);
    expect(await readdir(world.workspace)).not.toContain("evil");
    await sh(world, String(ended.result.undone?.["bring_back"]));
    expect(await read(world, "evil/a.js")).toBe("x\n");
  });

  inMatrix(() => {
    test("files that the run itself made git ignore are out of scope, and .git/info/exclude is sealed", async () => {
      const command = `${GROSS}; mkdir -p .git/info src/deep; echo 'src/hidden.js' >> .git/info/exclude; echo h > src/hidden.js`;
      await using world = await shop([run(command), done()]);
      const ended = await handoff(world, ["run", "CODEX-PRICE.md", ...FREE]);
      expect(ended).toMatchObject({ code: 5, result: { status: "violated" } });
      expect(found(ended)).toEqual(["scope src/hidden.js", "sealed .git/info/exclude"]);
    });

    test("what rules from before the run ignore is not a violation, but it is told", async () => {
      const command = `${GROSS}; mkdir build; echo 1 > build/out.js; echo coverage/ >> .gitignore`;
      await using world = await shop([run(command), done()], {
        files: ["src/price.js", ".gitignore"],
        commit: "Gross",
      });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 0, result: { status: "completed", findings: [], commit: { type: "made" } } });
      expect(ended.result.notes).toContain("build/");
      expect(ended.result.changes.files_modified).toEqual([".gitignore", "src/price.js"]);
    });

    test("an uncommitted edit inside of a submodule is a change of the submodule, and is told when it cannot be put back", async () => {
      const command = `${GROSS}; echo more >> sub/f.txt; echo o > src/o.js`;
      await using world = await createWorld({ files: PROJECT, script: [run(command), done()] });
      await sh(
        world,
        `git init -q ../origin && cd ../origin && echo f > f.txt && echo g > g.txt && git add . && git commit -qm s && cd "$OLDPWD" &&
       git -c protocol.file.allow=always submodule --quiet add ../origin sub && git commit -qm sub && echo mine >> sub/g.txt`,
      );
      await plan(world, { forbid: ["sub/"] });
      const asked = await ask(world, ["handoff", "run", "CODEX-PRICE.md", "--on-violation", "revert"]);
      expect(asked).toMatchObject({ code: 5, keys: { verdict: "violated", undone: "reverted" } });
      expect(asked.stderr).toMatch(/\[VIOLATION\] forbidden: sub\/f\.txt was changed/);
      expect(asked.stderr).toMatch(/\[WARNING\] Left as they are: sub\b/);
      expect(asked.stderr).not.toContain("g.txt");
      expect(await readdir(join(world.workspace, "src"))).not.toContain("o.js");
    });

    test("a run that cannot write is blamed for nothing that git does not show", async () => {
      await using world = await createWorld({ files: PROJECT, script: [run("true"), done()] });
      await sh(
        world,
        `git init -q ../origin && cd ../origin && echo f > f.txt && git add . && git commit -qm s && cd "$OLDPWD" &&
       git -c protocol.file.allow=always submodule --quiet add ../origin sub && git commit -qm sub && echo mine >> sub/f.txt &&
       echo KEY=1 > .env && mkdir self build && echo '*' > self/.gitignore && echo o > build/out.js`,
      );
      await plan(world, { forbid: [".env", "sub/"] });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--read-only"]);
      expect(ended).toMatchObject({ code: 0, result: { findings: [], changes: { files_modified: [] } } });
      expect(ended.result.notes).not.toContain("git ignores");
    });

    test("verify says so when it cannot know what became of forbidden files that git ignores", async () => {
      await using world = await shop([], { forbid: [".env", "src/tax.js"] });
      await appendFile(join(world.workspace, "src/price.js"), "// edited\n");
      expect((await handoff(world, ["verify", "CODEX-PRICE.md"])).result.notes).toBe("");
      await writeFile(join(world.workspace, ".env"), "KEY=1\n");
      const ended = await handoff(world, ["verify", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 0, result: { status: "completed" } });
      expect(ended.result.notes).toMatch(/git ignores.*\.env.*not judged/);
    });
  });
});

describe("hooks and configuration", () => {
  test("the scripts that husky's hooks start are sealed, and none of them runs", async () => {
    await using world = await createWorld({
      files: { ...PROJECT, ".husky/pre-commit": "true\n" },
      script: [run(`${GROSS}; echo 'touch "$HOME/pwned"' >> .husky/pre-commit`), done()],
    });
    const hooks = join(world.workspace, ".husky/_");
    await mkdir(hooks);
    await writeFile(join(hooks, ".gitignore"), "*\n");
    await writeFile(join(hooks, "pre-commit"), "#!/bin/sh\nsh .husky/pre-commit\n", { mode: 0o755 });
    await git(world.workspace, "config", "core.hooksPath", ".husky/_");
    await plan(world, { files: ["src/**", ".husky/**"], commit: "Gross" });
    const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
    expect(ended).toMatchObject({ code: 5, result: { status: "violated", commit: { type: "none" } } });
    expect(found(ended)).toEqual(["sealed .husky/pre-commit"]);
    expect(await readdir(world.home)).not.toContain("pwned");
  });

  inMatrix(() => {
    test("files that the repository's configuration includes are sealed", async () => {
      const command = `${GROSS}; printf '[core]\\n\\thooksPath = /tmp/none\\n' > .git/more`;
      await using world = await shop([run(command), done()]);
      await git(world.workspace, "config", "include.path", "more");
      const ended = await handoff(world, ["run", "CODEX-PRICE.md", ...FREE]);
      expect(ended).toMatchObject({ code: 5 });
      expect(found(ended)).toEqual(["sealed .git/more"]);
    });
  });
});

describe("what was found is not lost", () => {
  inMatrix(() => {
    test("a run that is cancelled while commands run names what broke the contract, and leaves it", async () => {
      await using world = await shop([run(`${GROSS}; echo o > src/o.js`), done()], { validation: ["sleep 600.45"] });
      await using asking = startAsk(world, ["handoff", "run", "CODEX-PRICE.md", "--json", "--on-violation", "revert"]);
      await untilRunning(world, "sleep 600.45");
      asking.child.kill("SIGTERM");
      const ended = await asking.done;
      const result = JSON.parse(ended.stdout) as HandoffJson;
      expect(ended.code).toBe(143);
      expect(result).toMatchObject({ status: "failed", run_status: "cancelled", exit_code: 143 });
      expect(result.findings.map(({ rule, path }) => `${rule} ${path}`)).toEqual(["scope src/o.js"]);
      expect(result.changes.tests_passed).toBeNull();
      expect(result.undone).toMatchObject({ type: "refused" });
      expect(await read(world, "src/o.js")).toBe("o\n");
    });
  });

  withCases({ change: ["revert"], matrix: ["stash"] }, (ways) => {
    test.for(ways)(
      "%s takes away what a validation command has written into the offending files, too",
      async (what) => {
        const validation = ['for f in src/*.js; do echo "// formatted" >> $f; done; echo V >> .env; echo n > src/n.js'];
        await using world = await shop([run(`${GROSS}; echo o > src/o.js; echo KEY=2 > .env`), done()], {
          forbid: [".env"],
          validation,
        });
        await writeFile(join(world.workspace, ".env"), "KEY=1\n");
        const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--on-violation", what]);
        expect(ended).toMatchObject({ code: 5, result: { undone: { paths: [".env", "src/o.js"], left: [] } } });
        expect(await read(world, ".env")).toBe("KEY=1\n");
        expect((await readdir(join(world.workspace, "src"))).sort()).toEqual([
          "n.js",
          "price.js",
          "price.test.js",
          "tax.js",
        ]);
        expect(await read(world, "src/price.js")).toMatch(/1\.19.*\n}\n\/\/ formatted\n$/s);
        await sh(world, String(ended.result.undone?.["bring_back"]));
        expect(await read(world, "src/o.js")).toBe("o\n// formatted\n");
        expect(await read(world, ".env")).toBe("KEY=2\nV\n");
      },
    );
  });
});

async function sh(world: World, command: string): Promise<void> {
  await execa("bash", ["-c", command], { cwd: world.workspace, env: world.env, extendEnv: false, stdin: "ignore" });
}
