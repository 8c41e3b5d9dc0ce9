import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { run, say } from "../../support/model/replies.ts";
import { createWorld } from "../../support/world.ts";

/** What a verify command may set off, and what of it has to be found. */
const HARM: Readonly<Record<string, { readonly command: string; readonly found: string }>> = {
  "a hook": { command: "echo exit > .git/hooks/pre-push; chmod +x .git/hooks/pre-push", found: ".git/hooks/pre-push" },
  "git's configuration": { command: "git config user.name evil", found: "the git configuration" },
  "a tag": { command: "git tag evil", found: "the ref refs/tags/evil" },
  "another branch": { command: "git checkout -q -b elsewhere", found: "HEAD" },
  "the run's journal": {
    command: 'for f in "$ASK_CODEX_HOME"/runs/*/events.jsonl; do echo > "$f"; done',
    found: "the run's own events.jsonl",
  },
};

test("what had to stay while a check ran is looked at again, and Codex is not asked to fix it", async () => {
  const script = Object.keys(HARM).map(() => say("Done."));
  await using world = await createWorld({ script });
  let turns = 0;
  for (const [name, { command, found }] of Object.entries(HARM)) {
    const asked = await ask(world, ["--json", "--verify-rounds", "2", "--verify-cmd", command, "task"]);
    const [check, look] = asked.json?.checks ?? [];
    const seen = {
      code: asked.code,
      passed: [check?.["passed"], look?.["passed"]],
      type: look?.["type"],
    };
    expect({ name, ...seen }).toEqual({ name, code: 1, passed: [true, false], type: "second_look" });
    turns += 1;
    expect(world.model.requests).toHaveLength(turns);
    expect(look?.["detail"]).toContain(`${found} (had to stay)`);
  }
});

test("files that a check changes are named, and what it only makes is not", async () => {
  const files = { "a.txt": "a\n", "b.txt": "b\n" };
  await using world = await createWorld({ files, script: [run("echo mine >> a.txt"), say("Done."), say("Done.")] });
  appendFileSync(join(world.workspace, "b.txt"), "the user's\n");
  const asked = await ask(world, ["--verify-cmd", "echo x | tee -a b.txt > new.txt", "task"]);
  expect([asked.code, asked.keys["checks"]]).toEqual([0, "2/2"]);
  expect(asked.report).toContain("- `echo x | tee -a b.txt > new.txt` itself changed `b.txt`\n");
  const quiet = await ask(world, ["--verify-cmd", "cat a.txt", "task"]);
  expect(quiet.keys["checks"]).toBe("1/1");
});
