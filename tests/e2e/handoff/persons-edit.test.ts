import { writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { git } from "../../support/git/git.ts";
import { found, handoff, PROJECT, plan } from "../../support/handoffs.ts";
import { run, say, together } from "../../support/model/replies.ts";
import { createWorld } from "../../support/world.ts";

const WORK = "printf 'exports.price = (net) => net * 1.19;\\n' > src/price.js";

test("what a person edits while Codex thinks is a note: not judged, not committed, not reverted", async () => {
  let root = "";
  const script = [together(say("I look first.", { chunks: 5, pauseMs: 100 }), run(WORK)), say("DONE")];
  await using world = await createWorld({
    files: PROJECT,
    script: (_request, index) => {
      if (index === 0) {
        writeFileSync(join(root, "notes.txt"), "mine\n");
        writeFileSync(join(root, "src/tax.js"), "// mine\n");
      }
      return script[index] ?? say("DONE");
    },
  });
  root = world.workspace;
  await plan(world, { forbid: ["src/tax.js"], commit: "Let price be gross", guardrails: { former_tests: false } });
  const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--on-violation", "revert"]);
  expect([ended.code, ended.result]).toMatchObject([
    0,
    { status: "completed", findings: [], undone: null, changes: { files_modified: ["src/price.js"] } },
  ]);
  expect(ended.result.notes).toContain("Changed while Codex worked, and not by it: notes.txt, src/tax.js.");
  expect((await git(root, "show", "--name-only", "--format=", "HEAD")).trim()).toBe("src/price.js");
  expect(await readFile(join(root, "src/tax.js"), "utf8")).toBe("// mine\n");
});

test("what a command of Codex's leaves behind to write later is Codex's", async () => {
  await using world = await createWorld({
    files: PROJECT,
    script: [
      run(`${WORK}; (setsid -f sh -c "sleep 1; echo x > src/tax.js" >/dev/null 2>&1)`),
      say("DONE", { chunks: 20, pauseMs: 100 }),
    ],
  });
  await plan(world, {});
  const ended = await handoff(world, ["run", "CODEX-PRICE.md"]);
  const kept = (await readFile(join(world.workspace, "src/tax.js"), "utf8")) === PROJECT["src/tax.js"];
  expect(kept || found(ended).includes("scope src/tax.js")).toBe(true);
  expect(ended.result.notes).not.toContain("not by it");
});
