import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { countRun, ledgerEntry } from "../../src/ask/report/ledger-entry.ts";
import { AskCodexError } from "../../src/errors.ts";
import { appendLedger, ledgerPath } from "../../src/ledger/ledger.ts";
import { readLedger } from "../../src/ledger/read-ledger.ts";
import { initRepository } from "../support/git/git.ts";
import { canMount, smallDisk } from "../support/machine/small-disk.ts";
import { entry } from "../support/samples/ledger.ts";
import { command, outcome } from "../support/samples/outcome.ts";
import { fullOutcome } from "../support/samples/outcomes.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("an entry has the figures of its run", () => {
  const handoff = {
    task_id: "a-1",
    type: "bugfix",
    verdict: "violated",
    violations: ["scope"],
    failures: [],
    committed: false,
  };
  const made = ledgerEntry(
    { ...fullOutcome, status: "timeout", signal: null, elapsedMs: 1_234, firstPass: false },
    { kind: "handoff", project: "/w", asked: 2, handoff },
  );
  expect(made).toEqual({
    schema_version: 1,
    time: "2026-01-02T03:04:05.000Z",
    run_id: "run",
    session_id: "session",
    project: "/w",
    kind: "handoff",
    role: "writer",
    model: "a-model",
    effort: "high",
    codex_version: "0.150.0",
    status: "timeout",
    exit_code: 2,
    error_kind: "usage_limit",
    elapsed_ms: 1_234,
    tokens: { input: 1, cached_input: 1, output: 1, reasoning_output: 1, total: 2 },
    repair_rounds: 1,
    checks: { passed: 1, total: 1 },
    first_pass: false,
    asked: 2,
    files_changed: 1,
    lines_added: 1,
    lines_removed: 0,
    handoff,
  });
});

test("an entry has no prompt, no code, no answer and no name of a file", () => {
  const secret = "s3cret";
  const text = JSON.stringify(
    ledgerEntry(
      outcome({
        outputPath: `/${secret}.md`,
        answer: secret,
        error: new AskCodexError("turn_failed", secret, { hint: secret }),
        commands: [command({ command: secret, cwd: `/${secret}`, outputTail: secret })],
        checks: [
          { type: "verify_command", subject: secret, passed: false, exitCode: 1, durationMs: 1, detail: secret },
        ],
        questions: [{ id: secret, header: secret, question: secret, options: [] }],
        declined: [{ what: secret, reason: secret }],
        changes: {
          ...(fullOutcome.changes as Extract<typeof fullOutcome.changes, { type: "listed" }>),
          files: [{ path: secret, kind: "added", added: 1, removed: 0 }],
          deletedTests: [secret],
          dirtyBefore: [secret],
        },
      }),
      { kind: "ask", project: "/w" },
    ),
  );
  expect(text).not.toContain(secret);
});

test.each([
  { what: "a run that wrote nothing", changes: { type: "read_only" }, size: [0, 0, 0] },
  { what: "a run outside of git", changes: { type: "no_git" }, size: [null, null, null] },
  { what: "a run that was not looked at", changes: { type: "unknown", reason: "" }, size: [null, null, null] },
] as const)("what changed in $what is $size", ({ changes, size }) => {
  const made = ledgerEntry(outcome({ changes }), { kind: "ask", project: null });
  expect([made.files_changed, made.lines_added, made.lines_removed]).toEqual(size);
});

test("every question of a run that waits for its answer is one that somebody was asked", () => {
  const question = { id: "closing", header: "", question: "Which?", options: [] };
  const asked = (status: "pending_question" | "completed") =>
    ledgerEntry(outcome({ status, questions: [question, question] }), { kind: "session", project: null, asked: 1 })
      .asked;
  expect(asked("pending_question")).toBe(3);
  // The checks have settled it.
  expect(asked("completed")).toBe(1);
});

test("the ledger is the owner's alone, and gives back what was added, in its order", async () => {
  await using state = await tempFolder();
  const folder = join(state.path, "not", "there yet");
  const entries = [entry({ run_id: "one" }), entry({ run_id: "two", tokens: null, project: null })];
  for (const one of entries) expect(await appendLedger(folder, one)).toBeNull();
  expect(await readLedger(folder)).toEqual({ path: join(folder, "ledger.jsonl"), entries, skipped: 0 });
  expect((await stat(ledgerPath(folder))).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});

test("where no run was counted yet, the ledger is empty", async () => {
  await using state = await tempFolder();
  expect(await readLedger(state.path)).toMatchObject({ entries: [], skipped: 0 });
});

test("runs that end at the same time never mix their lines", async () => {
  await using state = await tempFolder();
  const program = join(state.path, "append-entries.mjs");
  const entryPoints = [join(import.meta.dirname, "programs", "append-entries.ts")];
  await build({ entryPoints, outfile: program, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  const writers = ["a", "b", "c", "d"].map((name) => {
    const child = spawn(process.execPath, [program, state.path, name, "200"], { stdio: ["pipe", "pipe", "inherit"] });
    onTestFinished(() => void child.kill("SIGKILL"));
    return { name, child };
  });
  await Promise.all(writers.map(({ child }) => once(child.stdout, "data")));
  const ended = writers.map(({ child }) => once(child, "exit"));
  for (const { child } of writers) child.stdin.write("go");
  expect(await Promise.all(ended)).toEqual(writers.map(() => [0, null]));
  const { entries, skipped } = await readLedger(state.path);
  expect(skipped).toBe(0);
  for (const { name } of writers) {
    const own = entries.filter(({ run_id }) => run_id.startsWith(name));
    expect(own.map(({ run_id }) => run_id)).toEqual(Array.from({ length: 200 }, (_, index) => `${name}-${index}`));
    expect(own.every(({ role }, index) => role === name.repeat((index * 7_919) % 5_000))).toBe(true);
  }
});

test("a line that was cut off costs no other line", async () => {
  await using state = await tempFolder();
  await appendLedger(state.path, entry({ run_id: "one" }));
  await appendFile(ledgerPath(state.path), '{"schema_version":1,"ti');
  await appendLedger(state.path, entry({ run_id: "two" }));
  const { entries, skipped } = await readLedger(state.path);
  expect(entries.map(({ run_id }) => run_id)).toEqual(["one", "two"]);
  expect(skipped).toBe(1);
});

test.each([
  { what: "no JSON", line: "hello" },
  { what: "another JSON", line: "[1]" },
  { what: "null", line: "null" },
  { what: "of a later version", line: JSON.stringify({ ...entry(), schema_version: 2 }) },
  { what: "of an unknown kind", line: JSON.stringify({ ...entry(), kind: "dream" }) },
  { what: "of no time", line: JSON.stringify(entry({ time: "yesterday" })) },
  { what: "of a negative time", line: JSON.stringify(entry({ elapsed_ms: -1 })) },
  { what: "without a field", line: JSON.stringify({ ...entry(), status: undefined }) },
])("a line that is $what is passed over, counted and kept", async ({ line }) => {
  await using state = await tempFolder();
  await writeFile(ledgerPath(state.path), `${line}\n`);
  await appendLedger(state.path, entry());
  expect(await readLedger(state.path)).toMatchObject({ entries: [entry()], skipped: 1 });
  expect(await readFile(ledgerPath(state.path), "utf8")).toContain(line);
});

test("a field that a later version adds is passed over", async () => {
  await using state = await tempFolder();
  await writeFile(ledgerPath(state.path), `${JSON.stringify({ ...entry(), weather: "fine" })}\n`);
  expect(await readLedger(state.path)).toMatchObject({ entries: [entry()], skipped: 0 });
});

test("a state that cannot be written is told in one line, and nothing is thrown", async () => {
  await using state = await tempFolder();
  const file = join(state.path, "a file");
  await writeFile(file, "");
  expect(await appendLedger(file, entry())).toMatch(/^this run will be missing in ask_codex stats: ENOTDIR[^\n]*$/);
  await mkdir(ledgerPath(state.path));
  expect(await appendLedger(state.path, entry())).toContain("is a folder");
});

test.runIf(canMount)("a full disk is told as well, and with room the next run is counted", async () => {
  await using folder = await tempFolder();
  await using disk = await smallDisk(folder.path);
  await appendLedger(disk.path, entry({ run_id: "before" }));
  // More than what is left of the page that the entry before is on.
  const long = entry({ run_id: "lost", role: "x".repeat(10_000) });
  disk.fill();
  expect(await appendLedger(disk.path, long)).toMatch(/ENOSPC|no room/);
  await rm(join(disk.path, "ballast"));
  expect(await appendLedger(disk.path, entry({ run_id: "after" }))).toBeNull();
  const { entries } = await readLedger(disk.path);
  expect(entries.map(({ run_id }) => run_id)).toEqual(["before", "after"]);
});

test("a ledger that cannot be read at all is an error that says so", async () => {
  await using state = await tempFolder();
  await mkdir(ledgerPath(state.path));
  await expect(readLedger(state.path)).rejects.toThrow(/^the ledger cannot be read: .* is a folder/);
  // What the machine refuses is not our fault.
  const file = join(state.path, "file");
  await writeFile(file, "");
  await expect(readLedger(file)).rejects.toMatchObject({ kind: "system" });
});

test.each([
  { what: "its changes, which know the root of the work tree", changes: "listed", project: "/w" },
  { what: "the work tree that it worked in", changes: "read_only", project: "root" },
  { what: "the folder, where there is no git", changes: "no_git", project: "folder" },
] as const)("a run's project comes from $what", async ({ changes, project }) => {
  await using temp = await tempFolder();
  const root = join(temp.path, "repository");
  const folder = join(root, "deep", "below");
  await mkdir(folder, { recursive: true });
  await writeFile(join(root, "a.txt"), "");
  initRepository(root, { "a.txt": "" });
  const kinds = { listed: fullOutcome.changes, read_only: { type: "read_only" }, no_git: { type: "no_git" } } as const;
  const ended = outcome({ changes: kinds[changes] });
  expect(await countRun(temp.path, ended, { kind: "ask", workspace: folder })).toBeNull();
  const { entries } = await readLedger(temp.path);
  expect(entries.map((one) => one.project)).toEqual([{ "/w": "/w", root, folder }[project]]);
});

test("a project that is known better is taken as it is, and a run that came to no place has none", async () => {
  await using state = await tempFolder();
  const unknown = { type: "unknown", reason: "" } as const;
  await countRun(state.path, outcome({ changes: fullOutcome.changes }), {
    kind: "session",
    workspace: null,
    project: "/home",
  });
  await countRun(state.path, outcome({ changes: unknown }), { kind: "session", workspace: null, project: null });
  const { entries } = await readLedger(state.path);
  expect(entries.map(({ project }) => project)).toEqual(["/home", null]);
});
