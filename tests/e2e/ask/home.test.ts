import { lstat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { say } from "../../support/model/replies.ts";
import { PROGRAM } from "../../support/programs.ts";
import { createWorld } from "../../support/world.ts";

// The user's own folder would be used instead: HOME has no other meaning to the user database.
const isRoot = process.getuid?.() === 0 && process.platform === "linux";

test("an empty HOME is not a home: nothing is kept below the folder that we were called in", async () => {
  await using world = await createWorld({ script: () => say("Well.") });
  const env = { HOME: "", XDG_STATE_HOME: world.state, ASK_CODEX_HOME: undefined };
  const asked = await ask(world, ["Go"], { env });
  expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
  expect(asked.keys.output_path).toContain(join(world.state, "ask-codex"));
  const listed = await ask(world, ["sessions"], {
    env: { HOME: "", ASK_CODEX_HOME: undefined, XDG_STATE_HOME: world.state },
  });
  expect(listed.code).toBe(0);
  await expect(lstat(join(world.workspace, ".local"))).rejects.toThrow("ENOENT");
});

// A user id without an entry in the user database, as in a container.
test.runIf(isRoot).each([
  { name: "with ASK_CODEX_HOME set, stats works", env: { ASK_CODEX_HOME: "/nowhere/state" }, code: 0, said: "" },
  { name: "without it, what to set is said", env: {}, code: 1, said: "Set HOME or ASK_CODEX_HOME" },
])("without any home folder: $name", async ({ env, code, said }) => {
  await using world = await createWorld({ script: () => say("Well.") });
  const given = { HOME: undefined, ASK_CODEX_HOME: undefined, XDG_STATE_HOME: undefined, ...env };
  const words = ["--reuid", "54321", "--regid", "54321", "--clear-groups", PROGRAM, "stats"];
  const asked = await ask(world, words, { program: "setpriv", env: given, cwd: "/" });
  expect(asked.code).toBe(code);
  expect(asked.stderr).toContain(said);
  expect(asked.stderr).not.toContain("bug in ask_codex");
});
