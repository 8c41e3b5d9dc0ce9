import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { http, say, silence } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

/** The original's command lines, and what it says to them. Ours comes after it. */

const STATUS = [
  ...["broker_id", "status", "session_id", "pending_count", "last_run_status", "last_exit_code"],
  ...["current_run_dir", "last_output_path", "updated_at"],
];

const STATE = [
  ...["broker_id", "session_dir", "name", "workspace", "model", "reasoning", "sandbox_mode", "read_only", "full_auto"],
  ...["timeout_secs", "idle_timeout_secs", "file_refs", "status", "last_run_status", "worker_pid", "current_pid"],
  ...["session_id", "current_run_dir", "current_message", "last_output_path", "last_exit_code", "pending_count"],
  ...["latest_progress", "latest_summary", "started_at", "updated_at"],
];

const SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

test("start, send, status, wait, summary, logs and stop say what the original says, in its order", async () => {
  const script = (request: Parameters<typeof tasksIn>[0]) =>
    tasksIn(request).at(-1) === "Begin" ? silence() : say("Line one.\nLine two.");
  await using world = await createWorld({ script, files: { "a.txt": "a" } });
  await using broker = brokerIn(world);
  const flags = ["-w", ".", "--model", "m", "--reasoning", "low", "--sandbox", "workspace-write", "--timeout", "60"];
  const started = await broker("start", "Begin", ...flags, "--idle-timeout", "30", "--focus", "a.txt", "--name", "x");
  expect(started.code).toBe(0);
  expect(keysOf(started.stdout)).toEqual(["broker_id", "session_dir", "status"]);
  const { broker_id: id = "", session_dir = "", status } = started.keys;
  expect({ session_dir, status }).toEqual({ session_dir: join(world.state, "sessions", id), status: "queued" });
  await world.model.asked(1);

  const running = await broker("status", id);
  expect(keysOf(running.stdout).slice(0, STATUS.length)).toEqual(STATUS);
  expect(running).toMatchObject({
    code: 0,
    keys: { broker_id: id, status: "running", pending_count: "1", last_run_status: "none", last_exit_code: "" },
  });
  expect(running.keys["last_output_path"]).toBe("");
  expect(running.keys["updated_at"]).toMatch(SECONDS);
  const state = await broker.state(id);
  expect(Object.keys(state).slice(0, STATE.length)).toEqual(STATE);
  expect(state).toMatchObject({
    ...{ broker_id: id, session_dir, name: "x", workspace: world.workspace, model: "m", reasoning: "low" },
    ...{ sandbox_mode: "workspace-write", read_only: false, full_auto: false, timeout_secs: 60, idle_timeout_secs: 30 },
    ...{ file_refs: ["a.txt"], status: "running", current_message: "Begin", last_output_path: null },
    ...{ started_at: expect.stringMatching(SECONDS), worker_pid: expect.any(Number), current_pid: expect.any(Number) },
  });

  const sent = await broker("send", id, "Go on");
  expect(sent.code).toBe(0);
  expect(keysOf(sent.stdout).slice(0, 3)).toEqual(["broker_id", "queued", "pending_count"]);
  expect(sent.keys).toMatchObject({ broker_id: id, queued: "true", pending_count: "2" });
  const [item = ""] = (await readdir(join(session_dir, "queue"))).sort().slice(-1);
  expect(JSON.parse(await readFile(join(session_dir, "queue", item), "utf8"))).toMatchObject({
    ...{ created_at: expect.any(String), message: "Go on", interrupt: false },
  });
  expect((await broker("send", id, "Now", "--interrupt")).keys).toMatchObject({ queued: "true", pending_count: "3" });

  const waited = await broker("wait", id, "--timeout", "60");
  expect(keysOf(waited.stdout).slice(0, STATUS.length)).toEqual(STATUS);
  expect(waited).toMatchObject({
    code: 0,
    keys: { status: "waiting_input", pending_count: "0", last_run_status: "completed", last_exit_code: "0" },
  });
  expect(waited.stdout).toContain("\n--- recent_progress ---\n[codex] ");
  const { last_output_path = "", current_run_dir = "", session_id = "" } = waited.keys;
  expect(last_output_path.startsWith(`${current_run_dir}/`)).toBe(true);
  expect(await readFile(last_output_path, "utf8")).toContain("Line one.\nLine two.");
  expect(await readFile(join(session_dir, "latest.md"), "utf8")).toBe(await readFile(last_output_path, "utf8"));

  const json = JSON.parse((await broker("status", id, "--json")).stdout);
  expect(Object.keys(json).slice(0, STATE.length)).toEqual(STATE);
  expect(Object.keys(json).slice(-2)).toEqual(["recent_progress", "latest_output_excerpt"]);
  expect(json.latest_output_excerpt).toContain("Line one.\nLine two.");

  const summary = await broker("summary", id);
  const head = `broker_id=${id}\nstatus=waiting_input\nsession_id=${session_id}\nlast_run_status=completed\n\n`;
  expect(summary.code).toBe(0);
  expect(summary.stdout.startsWith(head)).toBe(true);
  expect(summary.stdout.slice(head.length)).toBe(`${(await broker.state(id))["latest_summary"]}\n`);

  const stopped = await broker("stop", id);
  expect(stopped.code).toBe(0);
  expect(keysOf(stopped.stdout).slice(0, 2)).toEqual(["broker_id", "status"]);
  expect(stopped.keys).toMatchObject({ broker_id: id, status: "stopped" });

  const logs = await broker("logs", id);
  expect(logs.stdout).toBe(await readFile(join(session_dir, "activity.log"), "utf8"));
  const lines = logs.stdout.trim().split("\n");
  expect(lines.filter((line) => !SECONDS.test(line.split(" ")[0] ?? ""))).toEqual([]);
  const run = "[-0-9a-f]+";
  const said = lines.map((line) => line.slice(line.indexOf(" ") + 1)).filter((line) => !line.startsWith("[codex]"));
  expect(said).toEqual([
    "Broker session created",
    "Worker online",
    expect.stringMatching(`^Starting run ${run}$`),
    "Interrupt requested for current run",
    expect.stringMatching(`^Run ${run} finished with exit 130 \\(interrupted\\)$`),
    expect.stringMatching(`^Starting run ${run}$`),
    expect.stringMatching(`^Run ${run} finished with exit 0 \\(completed\\)$`),
    expect.stringMatching(`^Starting run ${run}$`),
    expect.stringMatching(`^Run ${run} finished with exit 0 \\(completed\\)$`),
    "Stop requested",
    "Worker stopping",
  ]);

  const events = await broker.events(id);
  for (const event of events) expect(Object.keys(event)).toEqual(["timestamp", "type", "payload"]);
  const original = ["session_started", "run_started", "run_finished", "interrupt_requested", "worker_stopped"];
  const told = events.filter(({ type }) => original.includes(type));
  expect(told.map(({ type }) => type)).toEqual([
    ...["session_started", "run_started", "interrupt_requested", "run_finished"],
    ...["run_started", "run_finished", "run_started", "run_finished", "worker_stopped"],
  ]);
  expect(told[1]?.payload).toMatchObject({ run_id: expect.any(String), message: "Begin" });
  const { run_id } = events.filter(({ type }) => type === "run_started").at(-1)?.payload ?? {};
  expect(told.at(-2)?.payload).toMatchObject({
    run_id,
    status: "completed",
    output_path: last_output_path,
    exit_code: 0,
  });
  expect((await readdir(session_dir)).filter((name) => !name.startsWith("worker."))).toEqual(
    expect.arrayContaining([
      "activity.log",
      "events.jsonl",
      "latest.md",
      "queue",
      "runs",
      "state.json",
      "stop.requested",
    ]),
  );
  expect(await readdir(join(session_dir, "runs"))).toHaveLength(3);
});

inMatrix(() => {
  test("what a run came to has the original's word and its exit code", async () => {
    const script = (request: Parameters<typeof tasksIn>[0]) => {
      const task = tasksIn(request).at(-1);
      return task === "Fail"
        ? http(401)
        : task === "Ask"
          ? say("Shall I?")
          : task === "Hang"
            ? silence()
            : say("Well.");
    };
    await using world = await createWorld({ script, git: false });
    await using broker = brokerIn(world);
    const cases = [
      { flags: ["Say"], code: 0, word: "completed", status: "waiting_input" },
      { flags: ["Ask"], code: 4, word: "waiting_for_input", status: "waiting_input" },
      { flags: ["Fail"], code: 3, word: "fatal_error", status: "attention_required" },
      { flags: ["--verify-cmd", "false", "Say"], code: 1, word: "error", status: "attention_required" },
      { flags: ["--timeout", "1", "Hang"], code: 2, word: "timeout", status: "attention_required" },
    ];
    const ended = await Promise.all(
      cases.map(({ flags }) => broker("start", "--allow-shared-worktree", "--wait", ...flags)),
    );
    for (const [index, { code, word, status }] of cases.entries())
      expect(ended[index]).toMatchObject({
        code,
        keys: { status, last_run_status: word, last_exit_code: String(code) },
      });
  });
});

test("commands that are none, ids that nobody has, and help are as the original has them", async () => {
  await using world = await createWorld({ script: [] });
  await using broker = brokerIn(world);
  const none = await broker();
  expect(none).toMatchObject({ code: 1, stderr: "" });
  for (const help of ["-h", "--help", "help"])
    expect(await broker(help)).toMatchObject({ code: 0, stdout: none.stdout, stderr: "" });
  for (const command of ["start", "send", "status", "summary", "wait", "logs", "stop"])
    expect(none.stdout).toMatch(new RegExp(`^ +${command} `, "m"));
  const first = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await broker(...args);
    return { code, stdout, said: /^\[ERROR\] [^.\n]*/.exec(stderr)?.[0] };
  };
  // What follows the sentence, the next step, is ours.
  const refused = (said: string) => ({ code: 1, stdout: "", said: said.replace(/\.$/, "") });
  expect(await first("begin")).toEqual(refused("[ERROR] Unknown command: begin"));
  expect(await first("start")).toEqual(refused("[ERROR] start requires an initial task."));
  expect(await first("start", "x", "-w", "/nowhere")).toEqual(refused("[ERROR] Workspace does not exist: /nowhere"));
  expect(await first("send")).toEqual(refused("[ERROR] send requires a broker id."));
  for (const command of ["send", "status", "summary", "wait", "logs", "stop"])
    expect(await first(command, "nobody", ...(command === "send" ? ["x"] : []))).toEqual(
      refused("[ERROR] Unknown broker session: nobody"),
    );
});

inMatrix(() => {
  test("CODEX_BROKER_SESSION_ROOT says where the sessions are; a relative one is meant from here", async () => {
    await using world = await createWorld({ script: () => say("Well.") });
    await using broker = brokerIn(world);
    // Not in the workspace: Codex could write it there.
    const folder = join(world.workspace, "..", "own sessions");
    const relative = { env: { CODEX_BROKER_SESSION_ROOT: "../own sessions" } };
    const started = await broker.with(relative, "start", "Begin", "--wait");
    expect(started.keys["session_dir"]).toBe(join(folder, started.keys["broker_id"] ?? ""));
    expect(started.code).toBe(0);
    const absolute = { env: { CODEX_BROKER_SESSION_ROOT: folder } };
    expect(await broker.with(absolute, "send", started.keys["broker_id"] ?? "", "Go on", "--wait")).toMatchObject({
      code: 0,
    });
    expect(await broker.with(absolute, "stop", started.keys["broker_id"] ?? "")).toMatchObject({ code: 0 });
    expect(await broker("status", started.keys["broker_id"] ?? "")).toMatchObject({ code: 1 });
  });
});

/** The keys of the `key=value` lines, in order. */
function keysOf(stdout: string): readonly string[] {
  return stdout.split("\n").flatMap((line) => /^([a-z_]+)=/.exec(line)?.[1] ?? []);
}
