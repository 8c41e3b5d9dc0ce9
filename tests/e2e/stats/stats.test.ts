import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digestPath, type LedgerEntry, ledgerPath } from "../../../src/ledger/ledger.ts";
import { readLedger } from "../../../src/ledger/read-ledger.ts";
import { ask } from "../../support/ask.ts";
import { brokerIn } from "../../support/broker.ts";
import { canMount, smallDisk } from "../../support/machine/small-disk.ts";
import { ask as askUser, run, say } from "../../support/model/replies.ts";
import { COLOUR } from "../../support/samples/button-questions.ts";
import { entry } from "../../support/samples/ledger.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

interface StatsJson {
  readonly overall: Readonly<Record<string, unknown>>;
  readonly by_role: readonly Readonly<Record<string, unknown>>[];
  readonly [key: string]: unknown;
}

async function statsOf(world: World, ...flags: readonly string[]): Promise<StatsJson> {
  const { code, stdout, stderr } = await ask(world, ["stats", "--json", ...flags]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return JSON.parse(stdout) as StatsJson;
}

async function fill(world: World, ...entries: readonly LedgerEntry[]): Promise<void> {
  await mkdir(world.state, { recursive: true });
  await writeFile(ledgerPath(world.state), entries.map((one) => `${JSON.stringify(one)}\n`).join(""));
}

describe("after three runs", () => {
  test("the figures are theirs: one was right at once, one was repaired, one has failed", async () => {
    await using world = await createWorld({
      script: [say("Well."), say("First."), run("touch made.txt"), say("Second."), say("No.")],
    });
    const runs = [
      await ask(world, ["--role", "scout", "--verify-cmd", "true", "A first s3cret task"]),
      await ask(world, ["--expect-file", "made.txt", "--verify-rounds", "1", "A second s3cret task"]),
      await ask(world, ["--verify-cmd", "false", "A third s3cret task"]),
    ];
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 1]);
    const { entries, skipped } = await readLedger(world.state);
    expect(skipped).toBe(0);
    expect(entries).toMatchObject([
      {
        role: "scout",
        status: "completed",
        first_pass: true,
        repair_rounds: 0,
        files_changed: 0,
        project: world.workspace,
      },
      {
        role: null,
        status: "completed",
        first_pass: false,
        repair_rounds: 1,
        files_changed: 1,
        project: world.workspace,
      },
      {
        status: "validation_failed",
        exit_code: 1,
        first_pass: false,
        checks: { passed: 0, total: 1 },
        model: "gpt-5.2-codex",
      },
    ]);
    expect(entries.map(({ run_id }) => run_id)).toEqual(runs.map(({ keys }) => keys.run_id));
    const told = await statsOf(world);
    // Five requests of 100 tokens in and 10 out.
    expect(told).toMatchObject({
      schema_version: 1,
      skipped_lines: 0,
      overall: {
        runs: 3,
        completed: { hits: 2, of: 3, rate: 2 / 3, met: false },
        in_scope: { hits: 0, of: 0, rate: null, met: null },
        first_pass: { hits: 1, of: 3, rate: 1 / 3, met: false },
        rounds_mean: 1 / 3,
        tokens: 550,
      },
      endings: [
        { status: "completed", runs: 2 },
        { status: "validation_failed", runs: 1 },
      ],
      by_project: [{ name: world.workspace, runs: 3 }],
    });
    expect(told.by_role).toMatchObject([
      { name: null, runs: 2 },
      { name: "scout", runs: 1, completed: { rate: 1 } },
    ]);
    const times = entries.map(({ elapsed_ms }) => elapsed_ms).sort((one, other) => one - other);
    expect(told.overall).toMatchObject({ median_ms: times[1], p90_ms: times[2] });
    const ledger = await readFile(ledgerPath(world.state), "utf8");
    for (const word of ["s3cret", "Second.", "made.txt", "README.md"]) expect(ledger).not.toContain(word);
  });

  inMatrix(() => {
    test("a run of a session is counted once, and a question that was answered in it was help", async () => {
      await using world = await createWorld({ script: [askUser(COLOUR), say("Blue."), say("More.")] });
      await using broker = brokerIn(world);
      const started = await broker("start", "Paint it", "--worktree", "--wait");
      expect(started.code).toBe(4);
      const id = started.keys["broker_id"] ?? "";
      await broker("answer", id, "blue", "--wait");
      await broker("send", id, "And then?", "--wait");
      const { entries } = await readLedger(world.state);
      expect(entries).toMatchObject([
        { kind: "session", status: "completed", asked: 1, project: world.workspace },
        { kind: "session", status: "completed", asked: 0, project: world.workspace },
      ]);
      expect((await statsOf(world)).overall).toMatchObject({ runs: 2, completed: { hits: 1, of: 2 } });
    });
  });
});

test("a run that never began is not counted", async () => {
  await using world = await createWorld({ script: [] });
  expect(await ask(world, ["--session", "0199-unknown", "task"])).toMatchObject({ code: 1 });
  expect((await readLedger(world.state)).entries).toEqual([]);
});

describe("a ledger that cannot be written", () => {
  test("fails no run: it is told as a warning", async () => {
    await using world = await createWorld({ script: [say("Well.")] });
    await mkdir(ledgerPath(world.state), { recursive: true });
    const asked = await ask(world, ["--read-only", "task"]);
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(asked.stderr).toMatch(
      /^\[WARNING\] this run will be missing in ask_codex stats: .* is a folder, not a plain file$/m,
    );
  });

  inMatrix(() => {
    test("fails no run of a session: its log has the warning", async () => {
      await using world = await createWorld({ script: [say("Well.")] });
      await using broker = brokerIn(world);
      await mkdir(ledgerPath(world.state), { recursive: true });
      const id = await broker.start("Look", "--read-only", "--wait");
      expect(await broker("wait", id)).toMatchObject({ code: 0, keys: { last_run_status: "completed" } });
      const log = await readFile(join(broker.folder(id), "activity.log"), "utf8");
      expect(log).toContain("[WARNING] this run will be missing in ask_codex stats");
    });
  });

  test("and not read either is one line, exit 1", async () => {
    await using world = await createWorld({ script: [] });
    await mkdir(ledgerPath(world.state), { recursive: true });
    const asked = await ask(world, ["stats"]);
    expect(asked).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^\[ERROR\] the ledger cannot be read: [^\n]*\n$/),
    });
  });
});

describe("ask_codex stats", () => {
  test("says plainly that nothing was counted yet", async () => {
    await using world = await createWorld({ script: [] });
    const { code, stdout, stderr } = await ask(world, ["stats"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(`No run has been counted yet. Each one adds a line to ${ledgerPath(world.state)}\n`);
    expect((await statsOf(world)).overall).toMatchObject({ runs: 0, completed: { rate: null }, tokens: null });
    await fill(world, entry());
    expect((await ask(world, ["stats", "--project"])).stdout).toContain("None of the 1 runs");
  });

  test("prints no colours and no half lines into a pipe, and passes over a line that is none with a warning", async () => {
    await using world = await createWorld({ script: [] });
    await mkdir(world.state, { recursive: true });
    const lines = [entry({ role: "writer" }), entry({ role: "\u001b[31mred", status: "failed", exit_code: 1 })];
    await writeFile(ledgerPath(world.state), `${lines.map((one) => JSON.stringify(one)).join("\n")}\n{"torn`);
    const { code, stdout, stderr } = await ask(world, ["stats"]);
    expect(code).toBe(0);
    expect(stderr).toBe(`[WARNING] lines that cannot be read: 1; they are kept, in ${ledgerPath(world.state)}\n`);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toMatch(
      /^Completed without help +█{12}░{12} +50\.0 % +1 of 2 runs that ended +over 95 %: missed by 1 of 2$/m,
    );
    expect(stdout).toMatch(/^Stayed in scope +░{24} +– +no handoffs yet +over 95 %$/m);
    expect(stdout).toMatch(/^writer +█{24} +1 +100\.0 %/m);
    expect(stdout).toMatch(/^red +░{24} +1 +0\.0 %/m);
  });

  test.each([
    { since: "12h", runs: 1 },
    { since: "2d", runs: 2 },
    { since: "1w", runs: 3 },
    { since: "2026-01-31", runs: 5 },
  ])("--since $since takes the runs from then on", async ({ since, runs }) => {
    await using world = await createWorld({ script: [] });
    const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString();
    // The last two are just before and just after midnight, where the tests run in UTC.
    const times = [hours(1), hours(30), hours(100), hours(200), "2026-01-31T00:00:00.000Z", "2026-01-30T23:59:59.999Z"];
    await fill(world, ...times.map((time) => entry({ time })));
    const { code, stdout } = await ask(world, ["stats", "--json", "--since", since], { env: { TZ: "UTC" } });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ overall: { runs } });
  });

  test("--project takes the runs of the work tree that one is in, or of a folder, be it gone", async () => {
    await using world = await createWorld({ script: [], files: { "deep/a.txt": "" } });
    await fill(world, entry({ project: world.workspace }), entry({ project: "/gone" }), entry({ project: null }));
    const inFolder = await ask(world, ["stats", "--json", "--project"], { cwd: join(world.workspace, "deep") });
    expect(JSON.parse(inFolder.stdout)).toMatchObject({ project: world.workspace, overall: { runs: 1 } });
    expect(await statsOf(world, "--project=/gone")).toMatchObject({ project: "/gone", overall: { runs: 1 } });
    expect(await statsOf(world)).toMatchObject({ project: null, overall: { runs: 3 } });
  });

  test("a long ledger is read once, and every option gives the same from its digest", async () => {
    await using world = await createWorld({ script: [] });
    const entries = Array.from({ length: 2_000 }, (_, index) => {
      const time = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString();
      return entry({ time, elapsed_ms: index, role: index % 3 === 0 ? "writer" : null, project: `/p${index % 5}` });
    });
    await fill(world, ...entries);
    const page = join(world.workspace, "stats.html");
    const told = async (...flags: readonly string[]) => {
      const { stdout, stderr } = await ask(world, ["stats", ...flags]);
      return [stdout, stderr, (await readFile(page, "utf8").catch(() => "")).replace(/Written \S+ \S+/, "")];
    };
    for (const flags of [[], ["--json", "--since", "2026-02-01", "--project=/p1"], ["--html", page]]) {
      await rm(digestPath(world.state), { force: true });
      const read = await told(...flags);
      expect((await stat(digestPath(world.state))).mode & 0o777).toBe(0o600);
      expect(await told(...flags)).toEqual(read);
    }
  });

  test("--html writes a page for its owner and prints where it is", async () => {
    await using world = await createWorld({ script: [] });
    await fill(world, entry());
    const { code, stdout } = await ask(world, ["stats", "--html", "stats.html"]);
    const page = join(world.workspace, "stats.html");
    expect({ code, stdout }).toEqual({ code: 0, stdout: `html_path=${page}\n` });
    expect(await readFile(page, "utf8")).toMatch(/^<!doctype html>\n<html lang="en">[\s\S]*<\/html>\n$/);
    expect((await stat(page)).mode & 0o777).toBe(0o600);
    expect(await statsOf(world, "--html", "stats.html")).toMatchObject({ html_path: page });
  });

  test.each([
    { args: ["--since", "soon"], names: "--since soon" },
    { args: ["--since", "2026-02-31"], names: "--since 2026-02-31" },
    { args: ["--since", "2026-13-01"], names: "--since 2026-13-01" },
    { args: ["--since"], names: "--since needs a value" },
    { args: ["--html"], names: "--html needs a value" },
    { args: ["--html", "no/such/folder.html"], names: "--html cannot be written" },
    { args: ["--frobnicate"], names: "--frobnicate" },
    { args: ["words"], names: "Unexpected argument: words" },
  ])("refuses $args in one line", async ({ args, names }) => {
    await using world = await createWorld({ script: [] });
    const { code, stdout, stderr } = await ask(world, ["stats", ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^\[ERROR\] [^\n]+\n$/);
    expect(stderr).toContain(names);
    expect(stderr).toContain("--help");
  });
});

test.runIf(canMount)("a disk that is full when the page is written is one line, and no half page is left", async () => {
  await using world = await createWorld({ script: [] });
  await using disk = await smallDisk(world.home);
  await fill(world, entry());
  disk.fill();
  const { code, stderr } = await ask(world, ["stats", "--html", join(disk.path, "stats.html")]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^\[ERROR\] --html cannot be written: [^\n]*ENOSPC[^\n]*\n$/);
  expect(await readdir(disk.path)).toEqual(["ballast"]);
  await rm(join(disk.path, "ballast"));
});
