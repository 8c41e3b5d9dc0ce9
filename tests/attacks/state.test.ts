import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readThreadRecord, writeThreadRecord } from "../../src/ask/model/thread-record.ts";
import { ask } from "../support/ask.ts";
import { say } from "../support/model/replies.ts";
import { BROKER } from "../support/programs.ts";
import { inMatrix, withCases } from "../support/suite.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { createWorld } from "../support/world.ts";

describe("a state folder within the reach of the sandbox", () => {
  test("is refused for a turn that may write, with what to change; not for one that may not", async () => {
    await using world = await createWorld({ script: () => say("Done.") });
    const beside = join(world.home, "beside");
    await mkdir(beside);
    await symlink(world.workspace, join(world.home, "link"));
    const places = [
      { state: join(world.workspace, ".state"), flags: [] },
      { state: join(world.home, "link", ".state"), flags: [] },
      { state: join(world.temp, "state"), flags: [] },
      { state: join(beside, "state"), flags: ["--add-dir", beside] },
      { state: world.state, flags: ["-w", join(world.state, "..")] },
    ];
    for (const { state, flags } of places) {
      const env = { ASK_CODEX_HOME: state };
      for (const program of [undefined, BROKER]) {
        const start = program === undefined ? [] : ["start"];
        const asked = await ask(world, [...start, ...flags, "Work"], { env, ...(program && { program }) });
        expect(asked, state).toMatchObject({ code: 1, stdout: "" });
        expect(asked.stderr).toMatch(/^\[ERROR\] .*could write the state folder.* Set ASK_CODEX_HOME .*\n$/);
      }
    }
    expect(world.model.requests).toEqual([]);
    const env = { ASK_CODEX_HOME: join(world.workspace, ".state") };
    expect(await ask(world, ["--read-only", "Look"], { env })).toMatchObject({ code: 0 });
  });

  inMatrix(() => {
    test("is refused as well where the user's own configuration opens its folder", async () => {
      const script = () => say("Done.");
      await using open = await tempFolder();
      const config = `[sandbox_workspace_write]\nwritable_roots = ["${open.path}"]\n`;
      await using world = await createWorld({ script, config });
      const asked = await ask(world, ["Work"], { env: { ASK_CODEX_HOME: join(open.path, "state") } });
      expect(asked).toMatchObject({ code: 1, stdout: "" });
      expect(asked.stderr).toContain("could write the state folder");
      expect(world.model.requests).toEqual([]);
    });
  });
});

// What makes a folder one that cannot be trusted: tests/files. Here each command asks.
const OPEN = { name: "that others can write", mode: 0o777, at: "state" };
const OPEN_ABOVE = { name: "in a folder that everyone can write", mode: 0o777, at: "" };
const OPEN_BELOW = { name: "with sessions that others can write", mode: 0o770, at: "state/sessions" };

withCases({ change: [OPEN], matrix: [OPEN_ABOVE, OPEN_BELOW] }, (cases) => {
  test.each(cases)("a state folder $name is not trusted", async ({ mode, at }) => {
    await using world = await createWorld({ script: () => say("Done.") });
    await using shared = await tempFolder();
    const state = join(shared.path, "state");
    await mkdir(join(state, "sessions", "20260101-000000-000-0000000000000000"), { recursive: true, mode: 0o700 });
    await chmod(join(shared.path, at), mode);
    const env = { ASK_CODEX_HOME: state };
    for (const words of [
      ["Work"],
      ["sessions"],
      ["stats"],
      ["report", "last"],
      ["batch", "status"],
      ["batch", "watch"],
      ["batch", "--resume", "2026"],
      ["review", "list"],
      ["review", "show", "last"],
      ["review"],
      ["status", "2026"],
      ["list"],
      ["watch"],
      ["stop", "--all"],
      ["send", "2026", "Work"],
      ["start", "Work"],
      ["orchestrate", "Work on it"],
    ]) {
      const program = ASK.includes(words[0] ?? "") ? {} : { program: BROKER };
      const asked = await ask(world, words, { env, ...program });
      expect(asked).toMatchObject({ code: 1, stdout: "" });
      expect(asked.stderr).toContain("cannot be trusted");
    }
    expect(world.model.requests).toEqual([]);
  });
});

const ASK = ["Work", "sessions", "stats", "report", "batch", "review"];

inMatrix(() => {
  test("pipes among the records keep no run waiting", async () => {
    await using world = await createWorld({ script: () => say("Done.") });
    for (const folder of ["live", "threads"]) await mkdir(join(world.state, folder), { recursive: true, mode: 0o700 });
    for (const name of ["live/x.json", "threads/x.json", "threads/x.hold", "ledger.jsonl"])
      execFileSync("mkfifo", [join(world.state, name)]);
    const asked = await ask(world, ["Work"]);
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(asked.stderr).toContain("ledger.jsonl is a named pipe");
    const listed = await ask(world, ["sessions"]);
    expect(listed.code).toBe(0);
    expect(listed.stderr).toContain("x.json");
    expect(await ask(world, ["stats"])).toMatchObject({ code: 1, stderr: expect.stringContaining("a named pipe") });
  });
});

inMatrix(() => {
  test.each(["../../../escaped", "..", "a/b", "", "x".repeat(65)])("a thread named %j becomes no path", async (id) => {
    await using temp = await tempFolder();
    await expect(readThreadRecord(temp.path, id)).rejects.toMatchObject({ kind: "protocol" });
    await expect(writeThreadRecord(temp.path, { thread_id: id } as never)).rejects.toMatchObject({ kind: "protocol" });
    expect((await readdir(temp.path)).filter((name) => name !== "threads")).toEqual([]);
  });
});
