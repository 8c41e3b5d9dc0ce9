import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { inTerminal } from "../../support/machine/in-terminal.ts";
import { run, say } from "../../support/model/replies.ts";
import { PROGRAM } from "../../support/programs.ts";
import { createWorld } from "../../support/world.ts";

test("a terminal shows the answer, and the report again from any folder of the work tree, by name, id or run", async () => {
  await using world = await createWorld({
    script: [run("echo fixed > a.js"), say("**It** works."), say("Again.")],
    files: { "a.js": "", "sub/b.js": "", ".gitignore": "out/\n" },
  });
  const shown = await inTerminal(world, [PROGRAM, "--name", "parser", "--verify-cmd", "true", "Fix a.js."]);
  expect(shown.code).toBe(0);
  expect(shown.lines).toEqual(expect.arrayContaining(["It works.", "  a.js  +1 −0", "  ✓ verify_command true"]));
  expect(shown.raw).toContain("\u001b[1mIt\u001b[22m works.");
  expect(shown.raw).not.toContain("output_path=");
  const [, way = ""] = /^go on +ask_codex --session (\S+)/m.exec(shown.lines.join("\n")) ?? [];
  const [, runId = ""] = /^report +ask_codex report (\S+)/m.exec(shown.lines.join("\n")) ?? [];

  const keys = await inTerminal(world, [PROGRAM, "--keys", "--quiet", "--session", way, "Once more."], {
    env: { NO_COLOR: "1" },
  });
  expect(keys.lines).toEqual(expect.arrayContaining(["status=completed", "| Again."]));

  const cwd = join(world.workspace, "sub");
  const last = await ask(world, ["report"], { cwd });
  expect(last.stdout).toMatch(/^--- Codex \w+: its words begin .*\nAgain\.\n/);
  for (const id of ["@parser", way]) expect((await ask(world, ["report", id], { cwd })).stdout).toBe(last.stdout);
  const first = await ask(world, ["report", runId, "--path"], { cwd });
  expect(first.stdout).toMatch(new RegExp(`^${join(world.state, "runs", runId)}-[0-9a-f]+/report.md\n$`));
  expect((await ask(world, ["sessions"], { cwd })).stdout).toContain("\t@parser\tcompleted\t");

  const threads = join(world.state, "threads");
  const [file = ""] = (await readdir(threads)).filter((name) => name.endsWith(".json"));
  const sessionId = file.replace(".json", "");

  // A slip names what there is; a folder that git ignores is not in the work tree.
  const slip = await ask(world, ["report", "@paser"], { cwd });
  expect(slip.stderr).toMatch(/^\[ERROR\] @paser: no session of .*The nearest names: @parser\./);
  // Only sessions of ours can be meant, so a short beginning will do, until there are two.
  const beginning = sessionId.slice(0, 4);
  expect((await ask(world, ["report", beginning], { cwd })).stdout).toBe(last.stdout);
  const record = JSON.parse(await readFile(join(threads, file), "utf8"));
  const other = `${beginning}0000-0000-7000-8000-000000000000`;
  await writeFile(join(threads, `${other}.json`), JSON.stringify({ ...record, thread_id: other, name: null }));
  const ambiguous = await ask(world, ["report", beginning], { cwd });
  expect(ambiguous.stderr).toMatch(`Several sessions begin with ${beginning}: `);
  for (const id of [sessionId, other]) expect(ambiguous.stderr).toContain(id);
  await mkdir(join(world.workspace, "out"));
  const outside = await ask(world, ["report", "@parser"], { cwd: join(world.workspace, "out") });
  expect(outside).toMatchObject({ code: 1, keys: { error_kind: "session_unknown" } });
  expect(outside.stderr).toContain(`There is one in another: '${world.workspace}'`);
});
