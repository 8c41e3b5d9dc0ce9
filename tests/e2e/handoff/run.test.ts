import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask, startAsk } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { document, found, handoff, PROJECT, plan, type Written } from "../../support/handoffs.ts";
import { type Reply, run, say, silence } from "../../support/model/replies.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { untilRunning } from "../../support/until.ts";
import { createWorld, type World, type WorldOptions } from "../../support/world.ts";

const GROSS = "sed -i 's/return net;/return net * 1.19;/' src/price.js";
const done = () => say("The price is gross now.\n\nDONE");

async function shop(script: WorldOptions["script"], written: Written = {}): Promise<World> {
  const world = await createWorld({ files: PROJECT, script });
  await plan(world, written);
  return world;
}

const read = (world: World, path: string) => readFile(join(world.workspace, path), "utf8");

describe("work that holds", () => {
  test("a run that stays in scope is committed by us, with the document's message and nothing else", async () => {
    await using world = await shop([run(GROSS), done()], {
      validation: ["grep -q 1.19 src/price.js"],
      commit: "Return gross prices\n\nThe shop shows them.",
    });
    await writeFile(join(world.workspace, "mine.txt"), "my own\n");
    const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
    expect(ended.code).toBe(0);
    expect(ended.result).toMatchObject({
      task_id: "shop-001",
      status: "completed",
      changes: {
        files_modified: ["src/price.js"],
        lines_changed: 2,
        tests_passed: true,
        validation: { "grep -q 1.19 src/price.js": "passed" },
      },
      findings: [],
      rounds: 0,
      first_pass: true,
      codex_said: { word: "DONE" },
      commit: { type: "made", files: ["src/price.js"] },
    });
    const log = await git(world.workspace, "log", "-1", "--format=%an%n%B", "--name-only");
    expect(log).toBe("Ada\nReturn gross prices\n\nThe shop shows them.\n\n\nsrc/price.js");
    expect(await git(world.workspace, "status", "--porcelain")).toBe("?? mine.txt");
  });

  test("the lines on stdout name verdict, commit, report and result", async () => {
    await using world = await shop([run(GROSS), done()], { commit: "Gross" });
    const asked = await ask(world, ["handoff", "run", "CODEX-PRICE.md", "-o", "report.md"]);
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed", verdict: "completed", task_id: "shop-001" } });
    expect(asked.keys["commit"]).toBe(await git(world.workspace, "rev-parse", "HEAD"));
    expect(asked.report).toContain("# Handoff shop-001: completed");
    expect(asked.report).toContain("The price is gross now.");
    expect(asked.keys.output_path).toBe(join(world.workspace, "report.md"));
    const result = JSON.parse(await readFile(asked.keys["result"] ?? "", "utf8"));
    expect(result).toMatchObject({ task_id: "shop-001", status: "completed", run: { status: "completed" } });
  });

  inMatrix(() => {
    test("Codex gets the document's tasks and limits, and the same document makes the same prompt", async () => {
      await using world = await shop(() => done(), { constraints: ["Touch no rounding."], forbid: ["src/tax.js"] });
      await handoff(world, ["run", "CODEX-PRICE.md"]);
      await handoff(world, ["run", "CODEX-PRICE.md"]);
      const prompts = world.model.requests.map(({ body }) => {
        const last = body.input.findLast(({ role }) => role === "user");
        return last?.content?.map(({ text = "" }) => text).join("\n") ?? "";
      });
      expect(prompts[0]).toContain("CODEX-PRICE.md");
      expect(prompts[0]).toContain("let price() return the gross price");
      expect(prompts[0]).toContain("Touch no rounding.");
      expect(prompts[0]).toContain("src/tax.js");
      expect(prompts[0]).toContain("price(100) is 119.");
      expect(prompts.at(-1)).toBe(prompts[0]);
    });
  });

  inMatrix(() => {
    test("what was dirty before is not committed, and the work counts as partial", async () => {
      await using world = await shop([run(GROSS), done()], { commit: "Gross" });
      await writeFile(join(world.workspace, "src/price.js"), `// mine\n${PROJECT["src/price.js"]}`);
      const head = await git(world.workspace, "rev-parse", "HEAD");
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 1, result: { status: "partial", commit: { type: "skipped" } } });
      expect(await git(world.workspace, "rev-parse", "HEAD")).toBe(head);
      expect(await read(world, "src/price.js")).toMatch(/^\/\/ mine\n(.*\n)*.*1\.19/);
    });
  });

  inMatrix(() => {
    test("a hook that refuses the commit makes it partial, and its words are told", async () => {
      await using world = await shop([run(GROSS), done()], { commit: "Gross" });
      const hook = join(world.workspace, ".git/hooks/pre-commit");
      await writeFile(hook, "#!/bin/sh\necho 'no ticket' >&2\nexit 1\n", { mode: 0o755 });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({
        code: 1,
        result: { status: "partial", commit: { type: "failed", reason: "no ticket" } },
      });
      expect(await git(world.workspace, "status", "--porcelain")).toBe(" M src/price.js");
    });
  });

  inMatrix(() => {
    test("edits from before the run are not blamed on it, wherever they are", async () => {
      await using world = await shop([run(GROSS), done()], { forbid: ["src/tax.js", ".env"] });
      await writeFile(join(world.workspace, "src/tax.js"), "// mine\n");
      await writeFile(join(world.workspace, ".env"), "KEY=1\n");
      const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--on-violation", "revert"]);
      expect(ended).toMatchObject({
        code: 0,
        result: { status: "completed", changes: { files_modified: ["src/price.js"] } },
      });
      expect(await read(world, "src/tax.js")).toBe("// mine\n");
    });
  });
});

describe("work that broke the contract", () => {
  const rows: readonly {
    what: string;
    command: string;
    /** What the user had there before, beside what is committed. */
    own?: Readonly<Record<string, string>>;
    written?: Written;
    finds: readonly string[];
    flags?: string[];
  }[] = [
    { what: "a file out of scope", command: `${GROSS}; echo x > src/more.js`, finds: ["scope src/more.js"] },
    {
      what: "a forbidden file",
      command: `${GROSS}; echo x >> src/tax.js`,
      written: { files: ["src/price.js"], forbid: ["src/tax.js"] },
      finds: ["forbidden src/tax.js"],
    },
    {
      what: "an ignored file that is forbidden",
      command: `${GROSS}; echo KEY=2 > .env`,
      written: { forbid: [".env"] },
      finds: ["forbidden .env"],
    },
    {
      what: "settings of the user's own that git ignores",
      own: { ".env": "KEY=1\n" },
      command: `${GROSS}; echo KEY=2 > .env`,
      finds: ["scope .env"],
    },
    {
      what: "too many files",
      command: "for i in 1 2 3; do echo x > src/new-$i.js; done",
      written: { files: ["src/new-*.js"], guardrails: { max_files: 2 } },
      finds: ["max_files"],
    },
    {
      what: "a deleted test",
      command: "rm src/price.test.js",
      written: { files: ["src/price.test.js"] },
      finds: ["deleted_tests src/price.test.js"],
    },
    {
      what: "a deleted test case",
      command: "sed -i '/it is a number/d' src/price.test.js",
      written: { files: ["src/price.test.js"] },
      finds: ["deleted_tests src/price.test.js"],
    },
    {
      what: "a skipped test",
      command: "sed -i 's/^test(\"a price/test.skip(\"a price/' src/price.test.js",
      written: { files: ["src/price.test.js"] },
      finds: ["skipped_tests src/price.test.js"],
    },
    {
      what: "a new dependency",
      command: `sed -i 's/"zod": "4.0.0"/"zod": "4.0.0", "left-pad": "1.0.0"/' package.json`,
      written: { files: ["package.json"] },
      finds: ["dependencies package.json"],
    },
    {
      what: "an interface that must stay",
      command: "sed -i 's/price(net)/price(net, rate)/' src/price.js",
      written: { interfaces: ["src/price.js#price"] },
      finds: ["interfaces src/price.js"],
    },
    {
      what: "lines out of range",
      command: "echo '// more' >> src/price.js",
      written: { files: ["src/price.js:1-2"] },
      finds: ["lines src/price.js"],
    },
    {
      what: "the document itself",
      command: `${GROSS}; echo more >> CODEX-PRICE.md`,
      finds: ["sealed CODEX-PRICE.md"],
    },
    {
      what: "HEAD that moved",
      command: `${GROSS}; git commit -qam sneaky`,
      flags: ["--sandbox", "danger-full-access"],
      finds: ["refs"],
    },
  ];

  const usual = ["a file out of scope", "HEAD that moved"];
  const isUsual = ({ what }: { readonly what: string }) => usual.includes(what);
  const split = { change: rows.filter(isUsual), matrix: rows.filter((row) => !isUsual(row)) };
  withCases(split, (cases) => {
    test.for(cases)(
      "$what is a violation: exit 5, named, not sent back",
      async ({ own = {}, command, written = {}, finds, flags = [] }) => {
        await using world = await shop([run(command), done(), say("must not be asked")], written);
        for (const [path, text] of Object.entries(own)) await writeFile(join(world.workspace, path), text);
        const ended = await handoff(world, ["run", "CODEX-PRICE.md", ...flags]);
        expect(ended).toMatchObject({ code: 5, result: { status: "violated", rounds: 0 } });
        expect(found(ended)).toEqual(expect.arrayContaining([...finds]));
        expect(ended.stderr).toContain("[VIOLATION]");
        expect(world.model.requests).toHaveLength(2);
      },
    );
  });

  inMatrix(() => {
    test("the policy that counts is sealed wherever it lies", async () => {
      const policy = "pkg/.ask-codex/policy.yaml";
      const files = { ...PROJECT, [policy]: "guardrails:\n  max_files: 2\n" };
      const script = [run(`${GROSS}; echo '{}' > ${policy}`), done()];
      await using world = await createWorld({ files, script });
      await plan(world, { files: ["src/price.js", "pkg/"] }, "pkg/CODEX-PRICE.md");
      const ended = await handoff(world, ["run", "pkg/CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 5, result: { status: "violated" } });
      expect(found(ended)).toEqual([`sealed ${policy}`]);
    });

    test("a violation outranks a failed validation, and nothing is committed", async () => {
      await using world = await shop([run("echo x > src/more.js"), done()], { validation: ["false"], commit: "Never" });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 5, result: { status: "violated", rounds: 0, commit: { type: "none" } } });
      expect(ended.result.changes.validation).toEqual({ false: "failed (exit 1)" });
    });

    test("a file outside of the workspace is out of reach through a symbolic link as well", async () => {
      await using world = await createWorld({ files: PROJECT, script: [run("echo x > link.txt || true"), done()] });
      const outside = join(world.home, "outside.txt");
      await writeFile(outside, "before\n");
      await symlink(outside, join(world.workspace, "link.txt"));
      await git(world.workspace, "add", "link.txt");
      await plan(world, { files: ["link.txt"] });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended.result.changes.files_modified).toEqual([]);
      expect(await readFile(outside, "utf8")).toBe("before\n");
    });
  });

  test("revert puts back the offending files and nothing else, and the way back is printed and works", async () => {
    const command = `${GROSS}; echo more >> src/tax.js; echo KEY=2 > .env; echo new > 'new file.js'`;
    await using world = await shop([run(command), done()], { forbid: ["src/tax.js", ".env"] });
    await writeFile(join(world.workspace, "src/tax.js"), "// mine, not committed\n");
    await writeFile(join(world.workspace, ".env"), "KEY=1\n");
    const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--on-violation", "revert"]);
    expect(ended).toMatchObject({ code: 5, result: { status: "violated", undone: { type: "reverted" } } });
    expect(await read(world, "src/tax.js")).toBe("// mine, not committed\n");
    expect(await read(world, ".env")).toBe("KEY=1\n");
    expect(await read(world, "src/price.js")).toContain("1.19");
    expect(await git(world.workspace, "status", "--porcelain")).toBe(" M src/price.js\n M src/tax.js");
    await sh(world, String(ended.result.undone?.["bring_back"]));
    expect(await read(world, "src/tax.js")).toBe("// mine, not committed\nmore\n");
    expect(await read(world, ".env")).toBe("KEY=2\n");
    expect(await read(world, "new file.js")).toBe("new\n");
  });

  inMatrix(() => {
    test("stash puts them into the stash, from where they can be taken", async () => {
      await using world = await shop([run(`${GROSS}; echo more >> src/tax.js`), done()], { forbid: ["src/tax.js"] });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--on-violation", "stash"]);
      expect(ended).toMatchObject({ code: 5, result: { undone: { type: "stashed", paths: ["src/tax.js"] } } });
      expect(await git(world.workspace, "status", "--porcelain")).toBe(" M src/price.js");
      expect(await git(world.workspace, "stash", "show", "--name-only")).toBe("src/tax.js");
      await git(world.workspace, "stash", "pop", "--quiet");
      expect(await read(world, "src/tax.js")).toContain("more\n");
    });

    test("nothing is put back while another run of ours works in the same tree", async () => {
      await using world = await shop(
        (request) => (JSON.stringify(request.body.input).includes("other task") ? silence() : next()),
        {
          forbid: ["src/tax.js"],
        },
      );
      const replies = [run("echo more >> src/tax.js"), done()];
      const next = () => replies.shift() as Reply;
      await using _other = startAsk(world, ["other task"]);
      await world.model.asked(1);
      const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--on-violation", "revert"]);
      expect(ended).toMatchObject({ code: 5, result: { undone: { type: "refused" } } });
      expect(await read(world, "src/tax.js")).toContain("more\n");
    });
  });
});

describe("work that is not done", () => {
  test("a failed command goes back to Codex in the same thread, and is fixed there", async () => {
    await using world = await shop([run("true"), done(), run(GROSS), done()], {
      validation: ["grep -n 1.19 src/price.js"],
    });
    const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
    expect(ended).toMatchObject({ code: 0, result: { status: "completed", rounds: 1, first_pass: false } });
    expect(JSON.stringify(world.model.requests.at(-1)?.body.input)).toContain("grep -n 1.19 src/price.js");
  });

  inMatrix(() => {
    test("what is never fixed has failed after the last round, whatever Codex says", async () => {
      await using world = await shop(() => done(), { validation: ["echo why not; false"] });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--verify-rounds", "1"]);
      expect(ended).toMatchObject({
        code: 1,
        result: { status: "failed", rounds: 1, codex_said: { word: "DONE" }, findings: [{ rule: "validation" }] },
      });
      expect(world.model.requests).toHaveLength(2);
      expect(JSON.stringify(ended.result)).toContain("why not");
    });
  });

  inMatrix(() => {
    test("missing files, tests and entries of the changes document are failures", async () => {
      await using world = await shop([run(`${GROSS}; echo 'nothing to see' > CHANGES.md`), done()], {
        files: ["src/price.js", "src/price.test.js"],
        expect_files: ["docs/price.md"],
        changes_doc: "CHANGES.md",
        guardrails: { require_tests: true },
      });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--verify-rounds", "0"]);
      expect(ended).toMatchObject({ code: 1, result: { status: "failed" } });
      expect(ended.result.findings.map(({ rule }) => rule)).toEqual(["expect_files", "changes_doc", "require_tests"]);
    });
  });

  inMatrix(() => {
    test("Codex that is blocked ends it with exit 4 and its reason", async () => {
      await using world = await shop([say("I looked.\n\nBLOCKED: the tax rate is not in the repository")]);
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 4, result: { status: "blocked", codex_said: { word: "BLOCKED" } } });
      expect(ended.result.notes).toContain("the tax rate is not in the repository");
    });
  });

  test("Codex that closes without a word is asked for one, and one that never says it has not completed", async () => {
    const vague = "I could only do a part of it; not everything is DONE";
    await using world = await shop(
      [run(GROSS), say(vague), say("PARTIAL: the rates of 2027"), run("echo // >> src/price.js"), say(vague)],
      {},
    );
    const asked = await handoff(world, ["run", "CODEX-PRICE.md"]);
    expect(asked).toMatchObject({ code: 1, result: { status: "partial", rounds: 1, codex_said: { word: "PARTIAL" } } });
    const silent = await handoff(world, ["run", "CODEX-PRICE.md", "--verify-rounds", "0"]);
    expect(silent).toMatchObject({ code: 1, result: { status: "partial", rounds: 0, codex_said: null } });
  });

  inMatrix(() => {
    test("an answer that ends in a question, and not in its word, is not through", async () => {
      await using world = await shop([run(GROSS), say("The price is gross. Which rate do you want?")], {
        commit: "Gross",
      });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 4, result: { status: "blocked", commit: { type: "none" } } });
      expect(ended.stderr).toContain("Which rate do you want?");
    });

    test("Codex that says what remains has done it in part", async () => {
      await using world = await shop([run(GROSS), say("**PARTIAL: rounding is left**")], { commit: "Gross" });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
      expect(ended).toMatchObject({ code: 1, result: { status: "partial", commit: { type: "none" } } });
      expect(ended.result.notes).toContain("rounding is left");
    });

    test("time that runs out in a repair is exit 2, and what was done by then is told", async () => {
      await using world = await shop([run(GROSS), done(), silence()], { validation: ["false"] });
      const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--timeout", "2"]);
      expect(ended).toMatchObject({ code: 2, result: { status: "failed", run_status: "timeout", rounds: 1 } });
      expect(ended.result.changes.files_modified).toEqual(["src/price.js"]);
    });

    test("what broke the contract before time ran out outranks it", async () => {
      await using world = await shop([silence(run("echo x > src/more.js"))]);
      const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--timeout", "2"]);
      expect(ended).toMatchObject({ code: 5, result: { status: "violated" } });
      expect(found(ended)).toEqual(["scope src/more.js"]);
    });
  });

  test("no Codex is exit 3", async () => {
    await using world = await shop([done()]);
    const env = { ASK_CODEX_COMMAND: "/no/such/codex" };
    const ended = await handoff(world, ["run", "CODEX-PRICE.md"], { env });
    expect(ended).toMatchObject({ code: 3, result: { status: "failed", run_status: "fatal" } });
  });
});

describe("a run that is ended from outside", () => {
  inMatrix(() => {
    test.for(["SIGTERM", "SIGKILL"] as const)("%s in the middle of judging leaves nothing running", async (signal) => {
      await using world = await shop([run(GROSS), done()], { validation: ["sleep 600.44"], commit: "Gross" });
      await using asking = startAsk(world, ["handoff", "run", "CODEX-PRICE.md"]);
      await untilRunning(world, "sleep 600.44");
      asking.child.kill(signal);
      const asked = await asking.done;
      if (signal === "SIGTERM")
        expect(asked).toMatchObject({ code: 143, keys: { status: "cancelled", verdict: "failed" } });
      // At the end of its scope the world fails the test when a process is left.
      expect(await git(world.workspace, "log", "--format=%s")).toBe("plan\nstart");
      await writeFile(join(world.workspace, "CODEX-PRICE.md"), document({ validation: ["grep -q 1.19 src/price.js"] }));
      const verified = await handoff(world, ["verify", "CODEX-PRICE.md"]);
      expect(verified.result.changes.files_modified).toEqual(["src/price.js"]);
    });
  });
});

describe("a worktree of its own", () => {
  inMatrix(() => {
    test("the work tree stays as it is, and the commit can be taken over", async () => {
      await using world = await shop([run(GROSS), done()], { commit: "Gross" });
      const asked = await ask(world, ["handoff", "run", "CODEX-PRICE.md", "--worktree"]);
      expect(asked).toMatchObject({ code: 0, keys: { verdict: "completed" } });
      expect(await git(world.workspace, "status", "--porcelain")).toBe("");
      expect(await git(world.workspace, "log", "-1", "--format=%s")).toBe("plan");
      await git(world.workspace, "merge", "--quiet", "--ff-only", asked.keys["commit"] ?? "");
      expect(await read(world, "src/price.js")).toContain("1.19");
      expect(asked.keys["worktree"]).toBeDefined();
    });
  });

  inMatrix(() => {
    test("Codex finds the document there as it is here, committed or not", async () => {
      await using world = await shop([run(`${GROSS}; cp CODEX-PRICE.md src/price.js`), done()]);
      const edited = document({ constraints: ["Written a moment ago."] });
      await writeFile(join(world.workspace, "CODEX-PRICE.md"), edited);
      const asked = await ask(world, ["handoff", "run", "CODEX-PRICE.md", "--worktree"]);
      expect(asked).toMatchObject({ code: 0, keys: { verdict: "completed" } });
      expect(await readFile(join(asked.keys["worktree"] ?? "", "src/price.js"), "utf8")).toBe(edited);
    });

    test("there is none left where Codex never got to work", async () => {
      await using world = await shop([done()]);
      const env = { ASK_CODEX_COMMAND: "/no/such/codex" };
      const asked = await ask(world, ["handoff", "run", "CODEX-PRICE.md", "--worktree"], { env });
      expect(asked).toMatchObject({ code: 3, keys: { verdict: "failed" } });
      expect(asked.keys["worktree"]).toBeUndefined();
      expect(await git(world.workspace, "worktree", "list", "--porcelain")).not.toContain(world.state);
    });
  });
});

async function sh(world: World, command: string): Promise<void> {
  const { execa } = await import("execa");
  await execa("bash", ["-c", command], { cwd: world.workspace, env: world.env, extendEnv: false, stdin: "ignore" });
}
