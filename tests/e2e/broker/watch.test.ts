import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { ask, calls, say, silence, together } from "../../support/model/replies.ts";
import { drawnOn } from "../../support/samples/watch-drawn.ts";
import { inMatrix } from "../../support/suite.ts";
import { until } from "../../support/until.ts";
import { createWorld } from "../../support/world.ts";
import { longCommand } from "./long-command.ts";
import { watchIn } from "./watch-terminal.ts";

const WAIT = "until [ -e go ]; do sleep 0.05; done";
const COLOUR = {
  id: "colour",
  header: "Colour",
  question: "Which colour?",
  options: [
    { label: "Red", description: "warm" },
    { label: "Blue", description: "cold" },
  ],
};

// The `script` of util-linux; that of other systems takes other words.
describe.runIf(process.platform === "linux")("in a terminal", () => {
  test("a session is shown while it runs, asks and settles, and q gives the terminal back", async () => {
    const plan = calls({
      name: "update_plan",
      args: {
        plan: [
          { step: "Look around", status: "completed" },
          { step: "Paint it", status: "in_progress" },
          { step: "Let it dry", status: "pending" },
        ],
      },
    });
    const config = "[tools.update_plan]\nenabled = true\n";
    await using world = await createWorld({
      config,
      script: [plan, longCommand(WAIT), ask(COLOUR), silence(say("Painted"))],
    });
    await using broker = brokerIn(world);
    const id = await broker.start("--name", "painter", "Paint it");
    await using terminal = watchIn(world, []);
    const running = await terminal.shows(/running: .*until \[ -e go \]/);
    expect(running).toMatchObject({ alternate: true, cursor: false });
    expect(running.rows[0]).toContain("1 running");
    expect(running.rows[1]).toMatch(/^> @painter .* running {2}running a command {2}\d+s/);
    expect(running.rows.map((row) => row.trim())).toEqual(
      expect.arrayContaining(["[x] Look around", "[>] Paint it", "[ ] Let it dry"]),
    );
    await writeFile(join(world.workspace, "go"), "");
    const asking = await terminal.shows(/Which colour/);
    expect(asking.rows[0]).toContain("1 waits for you");
    expect(asking.rows.join("\n")).toMatch(/1\. Red: warm\n *2\. Blue: cold\n *\$ codex_broker answer/);
    expect(asking.rows.join("\n")).toContain(`codex_broker answer @painter "<text>"`);
    await broker("answer", id, "Blue");
    await terminal.shows(/1 running/);
    await broker("stop", id);
    await terminal.shows(/@painter .* stopped/);
    terminal.type("q");
    expectGivenBack(await terminal.closed, 0);
  });

  inMatrix(() => {
    test.each([
      { key: "Ctrl-C", typed: "\u0003" },
      { key: "Ctrl-D", typed: "\u0004" },
    ])("$key gives the terminal back", async ({ typed }) => {
      await using world = await createWorld({ script: [] });
      await using terminal = watchIn(world, []);
      await terminal.shows(/no session yet/);
      terminal.type(typed);
      expectGivenBack(await terminal.closed, 0);
    });
  });

  test.each([
    { signal: "SIGTERM", code: 143 },
    { signal: "SIGHUP", code: 129 },
    { signal: "SIGINT", code: 130 },
  ] as const)("$signal gives the terminal back, and is told in the exit code", async ({ signal, code }) => {
    await using world = await createWorld({ script: [] });
    await using terminal = watchIn(world, []);
    await terminal.shows(/no session yet/);
    process.kill(terminal.pid(), signal);
    expectGivenBack(await terminal.closed, code);
  });

  test("a crash gives the terminal back, and its words are there to be read", async () => {
    await using world = await createWorld({ script: [] });
    const crash = encodeURIComponent('process.on("SIGUSR2", () => { throw new Error("crashed"); })');
    await using terminal = watchIn(world, [], { NODE_OPTIONS: `--import=data:text/javascript,${crash}` });
    await terminal.shows(/no session yet/);
    process.kill(terminal.pid(), "SIGUSR2");
    const text = await terminal.closed;
    expectGivenBack(text, 1);
    expect(drawnOn(text).rows.join("\n")).toContain("Error: crashed");
  });

  test("Ctrl-Z gives the terminal back until the view goes on, and F2 does nothing", async () => {
    await using world = await createWorld({ script: [] });
    await using terminal = watchIn(world, []);
    await terminal.shows(/no session yet/);
    const f2 = "\u001bOQ";
    terminal.type(`${f2}\u001a`);
    await until(async () => (/ T /.test(await readFile(`/proc/${terminal.pid()}/stat`, "utf8")) ? true : undefined));
    expect(drawnOn(terminal.text())).toMatchObject({ alternate: false, cursor: true });
    expect(execFileSync("stty", ["-F", terminal.tty(), "-a"], { encoding: "utf8" })).toMatch(/[^-]icanon/);
    process.kill(terminal.pid(), "SIGCONT");
    expect(await terminal.shows(/no session yet/)).toMatchObject({ alternate: true, cursor: false });
    terminal.type("q");
    expectGivenBack(await terminal.closed, 0);
  });

  inMatrix(() => {
    test("a terminal that can do nothing gets plain lines", async () => {
      await using world = await createWorld({ script: [] });
      await using terminal = watchIn(world, [], { TERM: "dumb" });
      const text = await terminal.closed;
      expect(text).toContain("code=0");
      expect(text).not.toContain("\u001b");
    });

    test("nothing is left running when the terminal goes away", async () => {
      await using world = await createWorld({ script: [] });
      await using terminal = watchIn(world, []);
      await terminal.shows(/no session yet/);
      terminal.child.kill("SIGKILL");
      await until(async () => ((await world.processes()).length === 0 ? true : undefined));
    });
  });

  inMatrix(() => {
    test("sessions appear when they are made and go when they are removed; those of other workspaces only with --all", async () => {
      await using world = await createWorld({ script: [say("One."), say("Other.")] });
      await using broker = brokerIn(world);
      await using here = watchIn(world, []);
      await using everywhere = watchIn(world, ["--all"]);
      await Promise.all([here.shows(/no session yet/), everywhere.shows(/no session yet/)]);
      // As one looks that is just being made: it is left alone.
      const unmade = broker.folder("20990101-000000-000-0123456789abcdef");
      await mkdir(unmade);
      const id = await broker.start("--name", "near", "--worktree", "Begin");
      await here.shows(/@near .* done/);
      expect(await broker.with({ cwd: world.home }, "start", "--name", "far", "Begin")).toMatchObject({ code: 0 });
      await everywhere.shows(/@far .* done/);
      await everywhere.shows(/@near .* done/);
      await broker("stop", id);
      const stopped = await here.shows(/@near .* stopped/);
      expect(stopped.rows.join("\n")).not.toMatch(/@far|2099/);
      expect(await readdir(unmade)).toEqual([]);
      await rm(broker.folder(id), { recursive: true });
      await here.shows(/no session yet/);
    });
  });

  inMatrix(() => {
    test("a session is followed from one worker to the next, and when its worker is killed", async () => {
      await using world = await createWorld({ script: [say("One."), longCommand(WAIT), say("Two.")] });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin");
      await using terminal = watchIn(world, [id]);
      await terminal.shows(/done/);
      terminal.type("a");
      await terminal.shows(/ answer 1 of 1 {2}\(a: back, q leaves\)\nOne\./);
      terminal.type("\u001b");
      await broker("stop", id);
      await terminal.shows(/stopped/);
      await broker("send", id, "Again");
      await terminal.shows(/running: .*until/);
      process.kill((await broker.state(id)).worker_pid ?? 0, "SIGKILL");
      await terminal.shows(/attention_required.*\n *the last run: interrupted, worker_lost\n *\$ codex_broker summary/);
      terminal.type("q");
      await terminal.closed;
    });

    test("the view fits a terminal that becomes smaller, and has no colours where nobody wants them", async () => {
      await using world = await createWorld({ script: [together(longCommand(`${WAIT}; true ${"漢字".repeat(60)}`))] });
      await using broker = brokerIn(world);
      const id = await broker.start("Begin");
      await using terminal = watchIn(world, [id], { NO_COLOR: "1" });
      await terminal.shows(/running: .*until/);
      execFileSync("stty", ["-F", terminal.tty(), "rows", "3", "cols", "40"]);
      const small = await terminal.shows(
        /^codex_broker {2}1 running {2}\(q leaves\)\n> .{37}…\n {4}running: until .*…$/,
      );
      expect(terminal.text()).not.toMatch(/\u001b\[[\d;]*m/);
      expect(small.rows).toHaveLength(3);
      execFileSync("stty", ["-F", terminal.tty(), "rows", "24", "cols", "200"]);
      await terminal.shows(/running: until .* done; true [漢字]+…$/);
      // At the start, and for each size: what a terminal makes of the old rows in a new size is its own affair.
      expect(terminal.text().split("\u001b[2J").length - 1).toBeGreaterThanOrEqual(3);
      await broker("stop", id);
    });
  });
});

describe("into a pipe", () => {
  test("there is a line for each change, until the session waits for somebody", async () => {
    await using world = await createWorld({ script: [longCommand(WAIT), ask(COLOUR), say("Painted.")] });
    await using broker = brokerIn(world);
    const id = await broker.start("Paint it");
    await using watching = broker.begin("watch", id);
    await watching.stdoutLine(/^\S+Z \S+ running running .*command=/);
    await writeFile(join(world.workspace, "go"), "");
    const { code, stdout, stderr } = await watching.done;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const last = stdout.trimEnd().split("\n").at(-1);
    expect(last).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ \S+ waiting_input asking .*wants="asks: Which colour\?"/);
    expect(last).toContain(id);
    expect(stdout).not.toContain("\u001b");
  });

  inMatrix(() => {
    test("without ids it ends when nothing runs any more, and without sessions at once", async () => {
      await using world = await createWorld({ script: [say("One."), longCommand(WAIT), say("Two.")] });
      await using broker = brokerIn(world);
      expect(await broker("watch")).toMatchObject({ code: 0, stdout: "" });
      const one = await broker.start("--wait", "Begin");
      const two = await broker.start("--allow-shared-worktree", "Begin");
      await using watching = broker.begin("watch");
      await watching.stdoutLine(`${two} running running`);
      await writeFile(join(world.workspace, "go"), "");
      const { code, stdout } = await watching.done;
      expect(code).toBe(0);
      expect(stdout).toContain(`${one} waiting_input`);
      expect(stdout.trimEnd().split("\n").at(-1)).toContain(`${two} waiting_input idle last_run=completed`);
      expect(await broker.with({ cwd: world.home }, "watch")).toMatchObject({ code: 0, stdout: "" });
    });
  });

  test("Ctrl-C ends it, and so does a reader who has gone", async () => {
    await using world = await createWorld({ script: [longCommand(WAIT), longCommand(WAIT.replace("go", "further"))] });
    await using broker = brokerIn(world);
    const id = await broker.start("Begin");
    await using interrupted = broker.begin("watch", id);
    await using unread = broker.begin("watch", id);
    await Promise.all([interrupted, unread].map(({ stdoutLine }) => stdoutLine("running running")));
    interrupted.child.kill("SIGINT");
    expect(await interrupted.done).toMatchObject({ code: 130 });
    unread.child.stdout?.destroy();
    await writeFile(join(world.workspace, "go"), "");
    expect(await unread.done).toMatchObject({ code: 0, stderr: "" });
    expect(await broker.state(id)).toMatchObject({ status: "running" });
  });
});

/** The shell's words come after the view's screen is left, and it finds the terminal as it gave it away. */
function expectGivenBack(text: string, code: number): void {
  const { rows, alternate, cursor } = drawnOn(text);
  expect({ alternate, cursor }).toEqual({ alternate: false, cursor: true });
  const after = rows.join("\n");
  expect(after).toContain(`code=${code}\n`);
  expect(after).toMatch(/[^-]icanon/);
  expect(after).toMatch(/[^-]echo\b/);
}
