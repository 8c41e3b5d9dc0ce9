import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { batch, obedient } from "../../support/model/batches.ts";
import { run, say } from "../../support/model/replies.ts";
import { toldTo } from "../../support/model/wire.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

// What a check that Codex wrote could do when we run it: a file for each of its callers.
const HARM = `const { writeFileSync } = require("node:fs");
try { writeFileSync(process.env.HOME + "/planted-" + process.argv[2], ""); } catch {}
`;

const DOCUMENT = `---
task_id: doc
scope:
  files: [a.txt]
validation: [node harm.js validation]
---

# Add a line

## Tasks

1. Add the line "more" to a.txt, below the others.

## Success criteria

1. \`node harm.js validation\` succeeds.
`;

inMatrix(() => {
  test("--sandbox-checks keeps a task's check, a document's validation and --check in Codex's sandbox", async () => {
    await using world = await createWorld({
      files: { "a.txt": "a\n", "harm.js": HARM },
      script: (request) => {
        const over = request.body.input.at(-1)?.type === "function_call_output";
        if (!(toldTo(request).at(-1) ?? "").includes("Add the line")) return obedient(request);
        return over ? say("Added.\n\nDONE") : run("echo more >> a.txt");
      },
    });
    await writeFile(join(world.workspace, "CODEX-DOC.md"), DOCUMENT);
    const tasks = [
      { id: "one", prompt: "RUN: echo one > one.txt", verify_cmd: "node harm.js verify && test -e one.txt" },
      { id: "doc", handoff: "CODEX-DOC.md" },
    ];
    const planted = () =>
      ["verify", "validation", "check"].filter((name) => existsSync(join(world.home, `planted-${name}`)));
    const check = ["--check", "node harm.js check && test -e one.txt"];
    const kept = await batch(world, { tasks }, ["--merge", "branch", "--sandbox-checks", ...check]);
    expect([kept.code, kept.keys["tasks"], planted()], kept.stderr).toEqual([0, "2/2", []]);
    // And this is what it keeps out.
    const open = await batch(world, { tasks }, ["--merge", "branch", ...check]);
    expect([open.code, planted()], open.stderr).toEqual([0, ["verify", "validation", "check"]]);
  });
});
