import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Asked, ask, sessionFlags } from "../../support/ask.ts";
import { withNode } from "../../support/machine/nodes.ts";
import { ask as askUser, http, run, say, silence } from "../../support/model/replies.ts";
import { tasksIn, toldTo, toolOutputs } from "../../support/model/wire.ts";
import { withCodex } from "../../support/suite.ts";
import { NEWEST } from "../../support/versions.ts";
import { createWorld, type World } from "../../support/world.ts";

const PATCH = `apply_patch <<'PATCH'
*** Begin Patch
*** Update File: greet.sh
@@
-echo helo
+echo hello
*** End Patch
PATCH`;

withCodex("main", (version) => {
  test("a task is done in the sandbox, and comes back with the proof of it", async () => {
    await using world = await createGreeting(version);
    requireProof(world, await ask(world, ["Fix the greeting"]), version);
    expect(await readFile(join(world.workspace, "greet.sh"), "utf8")).toBe("echo hello\n");
  });

  test("a session goes on where it was, with its history, its folder and its sandbox", async () => {
    await using world = await createWorld({
      version,
      script: [say("First."), run("echo more > more.txt"), say("Second.")],
    });
    const first = await ask(world, ["Begin"]);
    const second = await ask(world, [...sessionFlags(first), "--json", "Go on"], { cwd: world.home });
    expect(second).toMatchObject({ code: 0, json: { status: "completed", session_id: first.keys.session_id } });
    expect(second.json?.changes).toEqual([{ path: "more.txt", kind: "added", added: 1, removed: 0 }]);
    expect(second.json?.receipt).toMatchObject({ workspace: world.workspace, sandbox: "workspace-write" });
    const [, request] = world.model.requests;
    expect(tasksIn(request)).toEqual(["Begin", "Go on"]);
    expect(JSON.stringify(request?.body.input)).toContain("First.");
  });

  test("a refused login ends at once, and says so", async () => {
    await using world = await createWorld({ version, script: [http(401)] });
    const asked = await ask(world, ["--json", "Begin"]);
    expect(asked).toMatchObject({ code: 3, json: { status: "fatal", error: { kind: "auth" } } });
    expect(asked.report).toContain("## Codex Fatal Error");
    expect(world.model.requests).toHaveLength(1);
  });

  test("a question of Codex is handed out, and its answer handed back", async () => {
    const question = { id: "colour", header: "Colour", question: "Which colour?", options: [RED, BLUE] };
    await using world = await createWorld({
      version,
      script: [askUser(question), say("Blue it is.")],
    });
    const asked = await ask(world, ["--json", "Paint it"]);
    expect(asked).toMatchObject({ code: 4, json: { status: "pending_question", questions: [question] } });
    const answered = await ask(world, [...sessionFlags(asked), "blue"]);
    expect(answered).toMatchObject({ code: 0, keys: { status: "completed" } });
    const [frame, answer] = toldTo(world.model.requests[1]);
    expect(frame).toContain("Which colour?");
    expect(answer).toBe("blue");
  });
});

withCodex("rest", (version) => {
  test("a model that stays silent ends as a timeout, after one grace window", async () => {
    await using world = await createWorld({ version, script: [silence()] });
    const asked = await ask(world, ["--timeout", "1", "Take your time"]);
    expect(asked).toMatchObject({ code: 2, keys: { status: "timeout", error_kind: "total_timeout" } });
    expect(asked.stderr).toContain("granting one automatic grace window");
    expect(asked.report).toContain("## Codex Timeout");
  });

  test("--read-only holds on a thread that could write before, for one turn", async () => {
    const touch = (name: string) => run(`touch ${name} || exit 7`);
    await using world = await createWorld({
      version,
      script: [touch("a"), say("1"), touch("b"), say("2"), touch("c"), say("3")],
    });
    const first = await ask(world, ["--json", "Write"]);
    const session = [...sessionFlags(first), "--json"];
    const second = await ask(world, [...session, "--read-only", "Write again"]);
    const third = await ask(world, [...session, "And again"]);
    expect(second).toMatchObject({ code: 0, json: { changes: [], work_tree: { state: "read_only" } } });
    expect(second.json?.commands).toMatchObject([{ command: "touch b || exit 7", status: "refused", exit_code: 7 }]);
    expect(second.report).toContain("`touch b || exit 7`: refused by the sandbox, exit 7");
    expect(third.json?.changes).toMatchObject([{ path: "c", kind: "added" }]);
  });
});

withNode("further", ({ path }) => {
  test("a task is done all the same", async () => {
    await using world = await createGreeting(NEWEST);
    requireProof(world, await ask(world, ["Fix the greeting"], { node: path }), NEWEST);
  });
});

const RED = { label: "red", description: "warm" };
const BLUE = { label: "blue", description: "cold" };

function createGreeting(version: string): Promise<World> {
  return createWorld({
    version,
    features: "default",
    script: [run(PATCH), run("sh greet.sh", 'touch "$HOME/outside" || exit 3'), say("It **greets** now.")],
    files: { "greet.sh": "echo helo\n" },
  });
}

function requireProof(world: World, asked: Asked, version: string): void {
  expect(asked).toMatchObject({ code: 0, signal: null });
  const { session_id, output_path, run_id } = asked.keys;
  expect(asked.stdout.split("\n").map((line) => line.split("=")[0])).toEqual(
    "session_id output_path status run_id changes files_changed elapsed".split(" ").concat("| It **greets** now.", ""),
  );
  expect(asked.keys).toMatchObject({ status: "completed", changes: "listed", files_changed: "1" });
  expect(output_path).toBe(join(world.state, "runs", run_id ?? "", "report.md"));
  expect(asked.stderr).not.toContain(session_id);
  expect(asked.stderr).toContain("[codex] changed: greet.sh (+1 −1)\n");
  expect(asked.stderr).toContain("[codex] > sh greet.sh\n");
  expect(asked.report).toMatch(
    /^--- Codex (\w+): its words begin.*\nIt \*\*greets\*\* now\.\n--- Codex \1: its words end/,
  );
  for (const line of [
    "- changed: `greet.sh` (+1 −1)",
    "- `sh greet.sh`: exit 0",
    '- `touch "$HOME/outside" || exit 3`: refused by the sandbox, exit 3',
    `session ${session_id} · run ${run_id} · Codex ${version} · `,
    " · workspace-write",
    " · 300 tokens in (60 cached), 30 out · ",
  ]) {
    expect(asked.report).toContain(line);
  }
  const [patched, ...ran] = toolOutputs(world.model.requests[2]);
  expect(patched).toContain("M greet.sh");
  expect(ran).toEqual([expect.stringContaining("hello"), expect.stringContaining("Read-only file system")]);
}
