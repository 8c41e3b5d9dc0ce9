import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { brokerIn } from "../../support/broker.ts";
import { claudeBin } from "../../support/claude/claude-code.ts";
import { bash, type Reply, startMessagesApi, use } from "../../support/claude/messages-api.ts";
import { close, edit, executorEnv } from "../../support/claude/scripted-executor.ts";
import { calls, run, say } from "../../support/model/replies.ts";
import { toolOutputs } from "../../support/model/wire.ts";
import { request } from "../../support/samples/delegation.ts";
import { payloadsOf } from "../../support/session-results.ts";
import { CLAUDE_NEWEST } from "../../support/versions.ts";
import { createWorld, type World } from "../../support/world.ts";

const FILES = {
  "src/sum.js": "export const sum = (a, b) => a - b;\n",
  "src/other.js": "export const other = 1;\n",
  "sum.test.js":
    'import { test } from "node:test";\nimport assert from "node:assert";\nimport { sum } from "./src/sum.js";\ntest("sums", () => assert.equal(sum(1, 2), 3));\n',
  "package.json": '{ "type": "module" }\n',
};

const delegate = (...tasks: readonly unknown[]) => calls({ name: "delegate_tasks", args: { tasks } });

test("both real programs: a goal of three tasks, a bad request corrected, a verdict for each, and a report", async () => {
  const tasks = [
    { task_id: "look", title: "Know what is wrong" },
    { task_id: "sum-001", title: "sum adds" },
    { task_id: "check", title: "All tests pass" },
  ];
  const look = { task_id: "look", type: "analysis", requirements: ["Find out why `src/sum.js` does not add."] };
  const vague = request({ requirements: ["Clean up the code while you are at it"], scope: { files: ["src/**"] } });
  await using world = await createWorld({
    files: FILES,
    script: [
      calls({ name: "task_queue", args: { action: "add", tasks } }),
      delegate(look),
      delegate(vague),
      delegate(request({ validation: ["node --test", "env"] })),
      // Where Codex's own commands run, and who has started them.
      run("env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'; printf 'looked %s' $((40 + 2))"),
      delegate({ task_id: "check", type: "validation", validation: ["node --test"] }),
      say("The sum adds, and the tests pass."),
    ],
  });
  const seen: Seen[] = [];
  await using api = await startMessagesApi([
    use("Read", { file_path: join(world.workspace, "src/sum.js") }),
    close("DONE", "It subtracts."),
    ...edit(world, "src/sum.js", "a - b", "a + b"),
    bash("node --test"),
    async () => {
      seen.push(...(await lookAtProcesses(world)));
      return close("DONE", "It adds now.") as Reply;
    },
  ]);
  await using broker = brokerIn(world);
  const env = { ...(await executorEnv(world, api.url)), ...LOGIN, ASK_CODEX_CLAUDE: claudeBin(CLAUDE_NEWEST) };
  const goal = ["orchestrate", "--validation", "node --test", "--budget-usd", "5", "The sum adds", "--wait", "150"];
  const ended = await broker.with({ env }, ...goal);
  const id = ended.keys["broker_id"] ?? "";
  const verdicts = world.model.requests.map((asked) => toolOutputs(asked).at(-1)?.slice(0, 60));
  expect({ faults: api.faults, verdicts, code: ended.code }).toMatchObject({ faults: [], code: 0 });
  expect(toolOutputs(world.model.requests[2]).at(-1)).toContain("It subtracts.");
  expect(toolOutputs(world.model.requests[3]).at(-1)).toMatch(
    /^\{"verdict":"refused","task_id":"sum-001","started":false/,
  );
  expect(toolOutputs(world.model.requests[4]).at(-1)).toMatch(/^\{"verdict":"completed","task_id":"sum-001"/);
  expect(toolOutputs(world.model.requests[5]).at(-1)).toContain("looked 42");
  expect(await readFile(join(world.workspace, "src/sum.js"), "utf8")).toContain("a + b");
  expect(await payloadsOf(broker, id, "delegation_finished")).toMatchObject([
    { task_id: "look", verdict: "completed", executor: "claude", files: [] },
    {
      task_id: "sum-001",
      verdict: "completed",
      executor: "claude",
      files: ["src/sum.js"],
      list_price_usd: expect.any(Number),
    },
    { task_id: "check", verdict: "completed", executor: null },
  ]);
  const ledger = (await readFile(join(world.state, "ledger.jsonl"), "utf8")).trim().split("\n");
  expect(ledger.map((line) => JSON.parse(line))).toMatchObject([
    { kind: "delegation", orchestration: id, list_price_usd: expect.any(Number) },
    { kind: "delegation", orchestration: id, list_price_usd: expect.any(Number) },
    { kind: "delegation", orchestration: id, list_price_usd: 0 },
    { kind: "orchestration" },
  ]);
  const { stdout } = await ask(world, ["stats"]);
  expect(stdout).toMatch(
    /^Delegated {6}3 tasks, 3 delegations; a task: .* median, \$0\.\d{4} at list prices on average$/m,
  );
  expect(stdout).toMatch(/^Direction.*^delegated by Codex .*^Codex leads /ms);
  const report = await readFile(String((await broker.state(id))["last_output_path"]), "utf8");
  expect(report).toContain("## Tasks");
  expect(report).toContain("### Requests refused");
  // What only the executor may know is in no argument, nowhere that is written, and nothing of it is Codex's or a check's.
  expect(await filesWith(SECRET, [world.state, world.codexHome])).toEqual([]);
  expect(JSON.stringify(world.model.requests)).not.toContain(SECRET);
  expect(await filesWith("ASK_CODEX_DEPTH=1", [world.state])).toContainEqual(expect.stringMatching(/validation\.log$/));
  if (process.platform !== "linux") return;
  expect(seen.filter((one) => one.args.includes(SECRET))).toEqual([]);
  const has = (line: RegExp) => {
    const all = seen.filter(({ args }) => line.test(args)).map(({ env: own }) => own.includes(SECRET));
    return [...new Set(all)];
  };
  expect([has(/\bapp-server\b/), has(/\/claude\b.* -p /)]).toEqual([[false], [true]]);
});

const SECRET = "sk-secret-5f0c";
/** The login of Claude Code, in every form that a caller's environment may have it. */
const LOGIN = {
  ANTHROPIC_API_KEY: SECRET,
  ANTHROPIC_AUTH_TOKEN: `${SECRET}-token`,
  ANTHROPIC_CUSTOM_HEADERS: `x-own: ${SECRET}`,
  AWS_BEARER_TOKEN_BEDROCK: `${SECRET}-aws`,
  CLAUDE_CODE_OAUTH_TOKEN: `${SECRET}-oauth`,
};

interface Seen {
  readonly args: string;
  readonly env: string;
}

/** What every process of the world was started with, as the system has it. */
async function lookAtProcesses(world: World): Promise<readonly Seen[]> {
  const read = (pid: number, name: string) => readFile(`/proc/${pid}/${name}`, "utf8").catch(() => "");
  const all = (await world.processes()).map(async ({ pid }) => {
    const [args, env] = await Promise.all([read(pid, "cmdline"), read(pid, "environ")]);
    return { args: args.replaceAll("\0", " "), env };
  });
  return Promise.all(all);
}

/** The files below these folders that hold a text. */
async function filesWith(text: string, folders: readonly string[]): Promise<readonly string[]> {
  const listed = folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true }));
  const files = (await Promise.all(listed)).flat().filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  const found = await Promise.all(paths.map(async (path) => (await readFile(path, "latin1")).includes(text)));
  return paths.filter((_, at) => found[at]);
}

test("a dry run checks requests and shows the executor's command line; nothing is started", async () => {
  const elsewhere = request({ task_id: "other", scope: { files: ["src/other.js"] } });
  const drop = calls({ name: "task_queue", args: { action: "drop", task_id: "other", reason: "forbidden" } });
  const script = [delegate(request()), delegate(elsewhere), say("Planned."), drop, say("Planned.")];
  await using world = await createWorld({ files: FILES, script });
  await using broker = brokerIn(world);
  const own = join(world.home, ".config", "ask-codex");
  await mkdir(own, { recursive: true });
  await writeFile(
    join(own, "config.yaml"),
    "orchestrate: {scope: [src/**], forbid: [src/other.js], validation: [node --test]}\n",
  );
  const env = { ASK_CODEX_CLAUDE: claudeBin(CLAUDE_NEWEST) };
  const planned = await broker.with(
    { env },
    "orchestrate",
    "--dry-run",
    ...["--executor-settings", "user"],
    ...["Sum", "--wait"],
  );
  const warned = expect.stringContaining("settings of Claude Code are loaded. They have no allow rules.");
  expect(planned).toMatchObject({ code: 1, stderr: warned });
  // The bounds are those of the user's own configuration.
  expect(toolOutputs(world.model.requests[2]).at(-1)).toContain("the person forbids src/other.js");
  const id = planned.keys["broker_id"] ?? "";
  const [ended] = await payloadsOf(broker, id, "delegation_finished");
  expect(ended).toMatchObject({ task_id: "sum-001", verdict: "planned", executor: null });
  const line = /^Would run: .*claude.*--permission-mode.*dontAsk.*Edit\(\/src\/sum\.js\).*Bash\(node --test\)/;
  expect(ended?.["notes"]).toMatch(line);
  expect(await readFile(join(world.workspace, "src/sum.js"), "utf8")).toContain("a - b");
  // Without the request that was refused the plan holds.
  const held = await broker.with({ env }, "send", id, "Drop the other one.", "--wait");
  expect(held).toMatchObject({ code: 0, keys: { last_run_status: "completed", open_tasks: "0" } });
});

test.each([
  ["more delegations at once than memory holds", "--parallel", "17", "--parallel is 16 at the most"],
  ["a scope outside of the work tree", "--scope", "../x", "--scope: `../x` is not below the root of the work tree."],
  ["a scope that says nothing", "--scope", " ", "--scope: ` ` is empty."],
  ["a ban outside of the work tree", "--forbid", "/etc/**", "--forbid: `/etc/**` is not below the root"],
])("%s is refused in words", async (_what, flag, value, words) => {
  await using world = await createWorld({ files: FILES, script: [] });
  await using broker = brokerIn(world);
  const refused = await broker("orchestrate", flag, value, "Sum");
  expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(words) });
});

test("an orchestration does not start another", async () => {
  await using world = await createWorld({ files: FILES, script: [] });
  await using broker = brokerIn(world);
  const refused = await broker.with({ env: { ASK_CODEX_DEPTH: "1" } }, "orchestrate", "Sum");
  expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("inside one of its own runs") });
});
