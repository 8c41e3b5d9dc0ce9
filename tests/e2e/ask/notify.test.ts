import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { codexBin } from "../../support/codex.ts";
import { say } from "../../support/model/replies.ts";
import { createWorld } from "../../support/world.ts";

test("the user's notify program may finish, also where Codex is slow to leave, and what takes too long is ended", async () => {
  await using world = await createWorld({ script: () => say("Done.") });
  const [program, log] = [join(world.home, "notify.sh"), join(world.home, "log")];
  await writeFile(program, `#!/bin/sh\necho began >> '${log}'\nsleep "$1"\necho ended >> '${log}'\n`);
  await chmod(program, 0o755);
  const slow = join(world.home, "slow-codex");
  await writeFile(slow, `#!/bin/sh\n'${codexBin()}' "$@"\nsleep 600.8\n`, { mode: 0o755 });
  const after = async (seconds: string, env: Readonly<Record<string, string>> = {}) => {
    await writeFile(log, "");
    const asked = await ask(world, ["--config", `notify=["${program}","${seconds}"]`, "Go"], { env });
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(await world.processes()).toEqual([]);
    return readFile(log, "utf8");
  };
  expect(await after("0.5")).toBe("began\nended\n");
  expect(await after("1.5", { ASK_CODEX_COMMAND: slow })).toBe("began\nended\n");
  expect(await after("600.7")).toBe("began\n");
});
