import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { claudeBin } from "../../support/claude/claude-code.ts";
import { editingExecutor } from "../../support/claude/editing-executor.ts";
import { startMessagesApi } from "../../support/claude/messages-api.ts";
import { executorEnv } from "../../support/claude/scripted-executor.ts";
import { git } from "../../support/git/git.ts";
import { calls, say } from "../../support/model/replies.ts";
import { toolOutputs } from "../../support/model/wire.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { CLAUDE_NEWEST } from "../../support/versions.ts";
import { createWorld } from "../../support/world.ts";

const FILES = { "a.txt": "one\ntwo\n", "b.txt": "b\n", "c.txt": "c\n", ".gitignore": "deps/\n" };
const IGNORED = "test -f deps/tool.txt";

const change = (task_id: string, file: string, word: string) => ({
  ...{ task_id, type: "implementation", scope: { files: [file] }, requirements: [`Let it say ${word}`] },
  validation: [`grep -q ${word} ${file.split(":")[0]}`, IGNORED],
});

const executor = editingExecutor({
  first: ["b.txt", "b", "bee"],
  second: ["c.txt", "c", "sea"],
  ones: ["a.txt", "one", "won"],
  twos: ["a.txt", "two", "too"],
});

const delegate = (tasks: readonly object[]) => calls({ name: "delegate_tasks", args: { tasks } });

test("tasks of one call work in worktrees at the same time, and their results come into the tree in the order of the queue", async () => {
  const titles = ["second", "first", "ones", "twos"].map((task_id) => ({ task_id, title: task_id }));
  const apart = [change("first", "b.txt", "bee"), change("second", "c.txt", "sea")];
  await using world = await createWorld({
    files: FILES,
    script: [
      calls({ name: "task_queue", args: { action: "add", tasks: titles } }),
      delegate(apart.map((task) => ({ ...task, commit: "Edit" }))),
      delegate(apart),
      delegate([change("ones", "a.txt:1", "won"), change("twos", "a.txt:2", "too")]),
      say("All is done."),
    ],
  });
  await writeFile(join(world.workspace, "c.txt"), "mine\nc\n");
  await mkdir(join(world.workspace, "deps"));
  await writeFile(join(world.workspace, "deps", "tool.txt"), "here\n");
  await using api = await startMessagesApi(Array.from({ length: 60 }, () => executor));
  await using broker = brokerIn(world);
  const env = { ...(await executorEnv(world, api.url)), ASK_CODEX_CLAUDE: claudeBin(CLAUDE_NEWEST) };
  const head = await git(world.workspace, "rev-parse", "HEAD");
  const ended = await broker.with({ env }, "orchestrate", "--parallel", "2", "Edit", "--wait", "170");
  const id = ended.keys["broker_id"] ?? "";
  const finished = await payloadsOf(broker, id, "delegation_finished");
  const verdicts = finished.map(({ task_id, verdict, notes }) => [task_id, verdict, String(notes).split("\n")[0]]);
  expect({ verdicts, faults: api.faults }).toEqual({
    verdicts: [
      ["second", "completed", "Done."],
      ["first", "completed", "Done."],
      ["ones", "completed", "Done."],
      ["twos", "conflict", "Done."],
      ["twos", "completed", "Again, on top."],
    ],
    faults: [],
  });
  expect(ended.code).toBe(0);
  const [, , refused] = world.model.requests.map((asked) => toolOutputs(asked).at(-1) ?? "");
  expect(refused?.match(/is worked on alone/g)).toHaveLength(2);
  const texts = ["a.txt", "b.txt", "c.txt"].map((name) => readFile(join(world.workspace, name), "utf8"));
  expect(await Promise.all(texts)).toEqual(["won\ntoo\n", "bee\n", "mine\nsea\n"]);
  // Nothing is committed, and nothing of the worktrees is left.
  expect(await git(world.workspace, "rev-parse", "HEAD")).toBe(head);
  expect(await git(world.workspace, "status", "--porcelain")).toBe(" M a.txt\n M b.txt\n M c.txt");
  expect((await git(world.workspace, "worktree", "list")).trim().split("\n")).toHaveLength(1);
  expect(await readdir(join(world.state, "worktrees"))).toEqual([]);
  const [, , , conflict] = finished;
  expect(conflict).toMatchObject({ conflict: ["a.txt"], notes: expect.stringMatching(/kept in .*work\.patch\.$/) });
});
