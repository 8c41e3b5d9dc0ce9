import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { batch, obedient, taskLines } from "../../support/model/batches.ts";
import { http, nothing, run, say, silence } from "../../support/model/replies.ts";
import { toldTo } from "../../support/model/wire.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

const FILES = { "a.txt": "a\n", ".gitignore": "node_modules\n" };

const DOCUMENT = `---
task_id: doc
after: [one]
scope:
  files: [a.txt]
validation: [grep -q more a.txt]
---

# Add a line

## Tasks

1. Add the line "more" to a.txt, below the others.

## Success criteria

1. \`grep -q more a.txt\` succeeds.
`;

describe("a task", () => {
  inMatrix(() => {
    test("can be a handoff document, which is not part of its result, and finds copies and a setup in its tree", async () => {
      await using world = await createWorld({
        files: FILES,
        script: (request) => {
          const told = toldTo(request).at(-1) ?? "";
          const over = request.body.input.at(-1)?.type === "function_call_output";
          if (!told.includes("Add the line")) return obedient(request);
          return over ? say("Added.\n\nDONE") : run("echo more >> a.txt");
        },
      });
      await mkdir(join(world.workspace, "node_modules/lib"), { recursive: true });
      await writeFile(join(world.workspace, "node_modules/lib/index.js"), "1\n");
      await symlink("index.js", join(world.workspace, "node_modules/lib/main.js"));
      // As package managers link: what is written through it stays in the worktree.
      await symlink(join(world.workspace, "node_modules/lib"), join(world.workspace, "node_modules/linked"));
      await writeFile(join(world.workspace, "CODEX-DOC.md"), DOCUMENT);
      const tasks = [
        {
          id: "one",
          prompt:
            "RUN: echo x >> node_modules/linked/main.js; cat node_modules/lib/index.js node_modules/setup.txt > seen.txt",
        },
        { id: "doc", handoff: "CODEX-DOC.md" },
      ];
      const flags = ["--copy", "node_modules", "--setup", "echo $ASK_CODEX_SLOT > node_modules/setup.txt"];
      const ended = await batch(world, { tasks }, flags);
      expect(taskLines(ended), ended.stderr).toEqual({
        one: "status=completed files=1 applied=yes",
        doc: "status=completed files=1 applied=yes",
      });
      const read = (path: string) => readFile(join(world.workspace, path), "utf8");
      expect([await read("seen.txt"), await read("a.txt")]).toEqual(["1\nx\n0\n", "a\nmore\n"]);
      expect(await read("node_modules/lib/index.js")).toBe("1\n");
      expect(await git(world.workspace, "status", "--porcelain")).toBe(" M a.txt\n?? CODEX-DOC.md\n?? seen.txt");
    });
  });

  inMatrix(() => {
    test("with a document is held to it in its second try as well", async () => {
      await using world = await createWorld({
        files: FILES,
        script: (request) => {
          const told = toldTo(request).at(-1) ?? "";
          const over = request.body.input.at(-1)?.type === "function_call_output";
          if (over) return say("Done.\n\nDONE");
          if (told.includes("Your change conflicts")) return run("echo more >> a.txt; echo x > elsewhere.txt");
          return told.includes("Add the line") ? run("echo more >> a.txt") : obedient(request);
        },
      });
      await writeFile(join(world.workspace, "CODEX-DOC.md"), DOCUMENT.replace("after: [one]\n", ""));
      const tasks = [
        { id: "one", prompt: "RUN: echo one >> a.txt" },
        { id: "doc", handoff: "CODEX-DOC.md" },
      ];
      const ended = await batch(world, { tasks });
      expect(taskLines(ended), ended.stderr).toMatchObject({
        one: "status=completed files=1 applied=yes",
        doc: "status=left_out files=1 applied=conflict",
      });
      expect(await readFile(join(world.workspace, "a.txt"), "utf8")).toBe("a\none\n");
      expect(await git(world.workspace, "status", "--porcelain")).toBe(" M a.txt\n?? CODEX-DOC.md");
      // All of it is of the user's own tree, whatever worktree it was done in.
      const { batches, by_project: projects } = JSON.parse((await ask(world, ["stats", "--json"])).stdout);
      expect([batches, projects.length]).toEqual([1, 1]);
    });

    test("that a quota stopped holds back the rest, also as the last one: --resume brings all of it", async () => {
      let open = false;
      await using world = await createWorld({
        files: FILES,
        script: (request) =>
          open || !(toldTo(request).at(-1) ?? "").includes("echo two")
            ? obedient(request)
            : http(429, { error: { type: "usage_limit_reached", message: "none left", resets_in_seconds: 60 } }),
      });
      const tasks = ["one", "two"].map((id) => ({ id, prompt: `RUN: echo ${id} > ${id}.txt` }));
      const stopped = await batch(world, { tasks }, ["--parallel", "1"]);
      expect(taskLines(stopped)["one"]).toBe("status=completed files=1 applied=no");
      open = true;
      const ended = await ask(world, ["batch", "--resume", stopped.keys["batch_id"] ?? ""]);
      expect([ended.code, ended.keys["tasks"]]).toEqual([0, "2/2"]);
      expect(await git(world.workspace, "status", "--porcelain")).toBe("?? one.txt\n?? two.txt");
    });
  });

  test("that runs out of time, one without an answer, and one with what no patch can hold end alone; the others are applied", async () => {
    await using world = await createWorld({
      files: FILES,
      script: (request) => {
        const told = toldTo(request).at(-1) ?? "";
        if (told.includes("slow")) return silence();
        if (told.includes("mute")) return nothing();
        return obedient(request);
      },
    });
    const tasks = [
      { id: "slow", prompt: "slow", timeout: 1 },
      { id: "mute", prompt: "mute" },
      { id: "nest", prompt: "RUN: git init --quiet nest; touch nest/f" },
      { id: "good", prompt: "RUN: echo good > a.txt" },
    ];
    const ended = await batch(world, { tasks });
    expect(ended.code).toBe(2);
    expect(taskLines(ended)).toMatchObject({
      slow: "status=timeout files=0 applied=no",
      mute: "status=failed files=0 applied=no",
      nest: "status=partial files=1 applied=no",
      good: "status=completed files=1 applied=yes",
    });
    expect(ended.stderr).toContain("partial (nest): no patch can hold nest");
    expect(await git(world.workspace, "status", "--porcelain")).toBe(" M a.txt");
  });
});
