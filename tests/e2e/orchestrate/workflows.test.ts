import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { claudeBin } from "../../support/claude/claude-code.ts";
import { type Edits, editingExecutor } from "../../support/claude/editing-executor.ts";
import { startMessagesApi } from "../../support/claude/messages-api.ts";
import { executorEnv } from "../../support/claude/scripted-executor.ts";
import { calls, run, say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { toldTo, toolOutputs } from "../../support/model/wire.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { inMatrix } from "../../support/suite.ts";
import { CLAUDE_NEWEST } from "../../support/versions.ts";
import { createWorld } from "../../support/world.ts";

interface Workflow {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** In their order, each a call of its own. */
  readonly tasks: readonly { readonly task_id: string; readonly type: string; readonly [field: string]: unknown }[];
  /** What Claude does. */
  readonly edits: Edits;
  /** What a Codex does for a task in bulk. */
  readonly bulk: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
  readonly by: readonly (string | null)[];
}

const has = (word: string, ...files: readonly string[]) => `grep -q '${word}' ${files.join(" ")}`;
const change = (task_id: string, file: string, word: string) => ({
  ...{ task_id, type: "implementation", scope: { files: [file] }, requirements: [`Let ${file} say ${word}`] },
  validation: [has(word, file)],
});
const look = (task_id: string, type: string) => ({ task_id, type, requirements: ["Find out how it is done here"] });
const check = (task_id: string, ...validation: readonly string[]) => ({ task_id, type: "validation", validation });

const FEATURE: Workflow = {
  name: "a feature: research, three parts, and a check of all",
  files: { "worker.txt": "preview\n", "store.txt": "files\n", "api.txt": "urls\n" },
  tasks: [
    look("research", "research"),
    change("thumbnails", "worker.txt", "thumbnail"),
    change("upload", "store.txt", "upload"),
    change("urls", "api.txt", "thumbnail_url"),
    check("all", has("thumbnail", "worker.txt"), has("upload", "store.txt"), has("thumbnail_url", "api.txt")),
  ],
  edits: {
    thumbnails: ["worker.txt", "preview", "preview, thumbnail"],
    upload: ["store.txt", "files", "files, upload"],
    urls: ["api.txt", "urls", "urls, thumbnail_url"],
  },
  bulk: {},
  after: { "worker.txt": "preview, thumbnail\n", "store.txt": "files, upload\n", "api.txt": "urls, thumbnail_url\n" },
  by: ["claude", "claude", "claude", "claude", null],
};

const FAULT: Workflow = {
  name: "a fault: debugged, repaired, and proved",
  files: { "worker.txt": "grows\n" },
  tasks: [
    look("debug", "debug"),
    { ...change("repair", "worker.txt", "bounded"), type: "bugfix" },
    check("proof", has("bounded", "worker.txt")),
  ],
  edits: { repair: ["worker.txt", "grows", "bounded"] },
  bulk: {},
  after: { "worker.txt": "bounded\n" },
  by: ["claude", "claude", null],
};

const MIGRATION: Workflow = {
  name: "a migration: plain files in bulk, the hard one by itself, and a check of all",
  files: { "package.txt": "commonjs\n", "a.txt": "require\n", "b.txt": "require\n", "hard.txt": "require(x)\n" },
  tasks: [
    { ...change("manifest", "package.txt", "module"), type: "bulk" },
    {
      ...change("imports", "a.txt", "import"),
      ...{ type: "bulk", scope: { files: ["a.txt", "b.txt"] }, validation: [has("import", "a.txt", "b.txt")] },
    },
    change("hard", "hard.txt", "await import"),
    check("all", "! grep -l require package.txt a.txt b.txt hard.txt"),
  ],
  edits: { hard: ["hard.txt", "require(x)", "await import(x)"] },
  bulk: { manifest: "echo module > package.txt", imports: "echo import > a.txt; echo import > b.txt" },
  after: { "package.txt": "module\n", "a.txt": "import\n", "b.txt": "import\n", "hard.txt": "await import(x)\n" },
  by: ["codex", "codex", "claude", null],
};

/** One model for the Codex that leads and those that work: the first has our tools, the others are told a task. */
function modelFor({ tasks, bulk }: Workflow) {
  return (request: ModelRequest) => {
    const outputs = toolOutputs(request).length;
    const told = /^Task (\S+)/m.exec(toldTo(request).join("\n"))?.[1];
    if (!JSON.stringify(request.body.tools).includes("delegate_tasks"))
      return outputs === 0 ? run(bulk[told ?? ""] ?? "false") : say("All of it.\n\nDONE");
    const titles = tasks.map(({ task_id }) => ({ task_id, title: task_id }));
    if (outputs === 0) return calls({ name: "task_queue", args: { action: "add", tasks: titles } });
    const task = tasks[outputs - 1];
    return task === undefined ? say("It is done.") : calls({ name: "delegate_tasks", args: { tasks: [task] } });
  };
}

inMatrix(() => {
  test.each([FAULT, FEATURE, MIGRATION].map((one) => [one.name, one] as const))("%s", async (_name, workflow) => {
    await using world = await createWorld({ files: workflow.files, script: modelFor(workflow) });
    await using api = await startMessagesApi(Array.from({ length: 60 }, () => editingExecutor(workflow.edits)));
    await using broker = brokerIn(world);
    const env = { ...(await executorEnv(world, api.url)), ASK_CODEX_CLAUDE: claudeBin(CLAUDE_NEWEST) };
    const ended = await broker.with({ env }, "orchestrate", "The goal", "--wait", "170");
    const finished = await payloadsOf(broker, ended.keys["broker_id"] ?? "", "delegation_finished");
    expect(finished.map((one) => [one["task_id"], one["verdict"], one["executor"]])).toEqual(
      workflow.tasks.map(({ task_id }, at) => [task_id, "completed", workflow.by[at]]),
    );
    expect(ended).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
    const texts = Object.keys(workflow.after).map(async (name) => {
      return [name, await readFile(join(world.workspace, name), "utf8")] as const;
    });
    expect(Object.fromEntries(await Promise.all(texts))).toEqual(workflow.after);
  });
});
