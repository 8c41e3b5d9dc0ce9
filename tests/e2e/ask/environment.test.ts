import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { run, say } from "../../support/model/replies.ts";
import { toolOutputs } from "../../support/model/wire.ts";
import { PROGRAM } from "../../support/programs.ts";
import { inMatrix } from "../../support/suite.ts";

import { createWorld } from "../../support/world.ts";

const CLAUDES = {
  ANTHROPIC_API_KEY: "sk-ant-1",
  ANTHROPIC_AUTH_TOKEN: "sk-ant-2",
  ANTHROPIC_BASE_URL: "https://proxy.example",
  CLAUDECODE: "1",
  CLAUDE_CODE_ENTRYPOINT: "cli",
  CLAUDE_CODE_OAUTH_TOKEN: "sk-ant-3",
};
const OTHERS = { MY_TOKEN: "mine", OPENAI_API_KEY: "sk-4", CLAUDETTE: "a name", HTTPS_PROXY: "http://127.0.0.1:9" };
// Loopback is not to go through the proxy that is there to be seen.
const CALLERS = { ...CLAUDES, ...OTHERS, NO_PROXY: "127.0.0.1" };

describe("commands of Codex, and checks of its work, see", () => {
  test.each<{ name: string; flags: readonly string[]; seen: readonly string[] }>([
    { name: "what the caller has, but nothing of Claude's own", flags: [], seen: Object.keys(OTHERS) },
    {
      name: "what --keep-env names, also of Claude's own",
      flags: ["--keep-env", "ANTHROPIC_API_KEY"],
      seen: ["ANTHROPIC_API_KEY", ...Object.keys(OTHERS)],
    },
    { name: "with --clean-env nothing but what programs need", flags: ["--clean-env"], seen: ["HTTPS_PROXY"] },
    {
      name: "with --clean-env what --keep-env names beside it",
      flags: ["--clean-env", "--keep-env", "MY_TOKEN", "--keep-env", "CLAUDECODE"],
      seen: ["CLAUDECODE", "HTTPS_PROXY", "MY_TOKEN"],
    },
  ])("$name", async ({ flags, seen }) => {
    await using world = await createWorld({ script: [run("env"), say("Done.")] });
    // Without its marks nobody would find what a test has left.
    const marks = ["ASK_CODEX_TESTS", "ASK_CODEX_WORLD"].flatMap((name) => ["--keep-env", name]);
    const asked = await ask(world, [...flags, ...marks, "--verify-cmd", "env", "Show"], { env: CALLERS });
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    const command = toolOutputs(world.model.requests[1])[0] ?? "";
    const check = await readFile(join(dirname(asked.keys.output_path ?? ""), "verify.log"), "utf8");
    for (const output of [command, check]) {
      const names = [...output.matchAll(/^(\w+)=/gm)].map(([, name = ""]) => name);
      expect(names).toEqual(expect.arrayContaining(["PATH", "HOME", "CODEX_HOME", "ASK_CODEX_DEPTH"]));
      expect(names.filter((name) => name in CALLERS && name !== "NO_PROXY").sort()).toEqual([...seen].sort());
    }
  });
});

inMatrix(() => {
  test("a provider's key passes, and with --clean-env only when it is kept", async () => {
    await using world = await createWorld({ script: () => say("Well."), config: 'model_provider = "keyed"' });
    const keyed = ["name = 'keyed'", `base_url = '${world.model.url}'`, "wire_api = 'responses'", "env_key = 'MY_KEY'"];
    const config = keyed.flatMap((line) => ["--config", `model_providers.keyed.${line.replace(" = ", "=")}`]);
    const env = { MY_KEY: "sk-5" };
    expect(await ask(world, [...config, "Begin"], { env })).toMatchObject({ code: 0 });
    expect(world.model.requests[0]?.headers.authorization).toBe("Bearer sk-5");
    const clean = await ask(world, [...config, "--clean-env", "Begin"], { env });
    expect(clean).toMatchObject({ code: 3, keys: { error_kind: "auth" } });
    expect(clean.stderr).toContain("MY_KEY");
    const kept = await ask(world, [...config, "--clean-env", "--keep-env", "MY_KEY", "Begin"], { env });
    expect(kept).toMatchObject({ code: 0 });
  });
});

test.each([
  { name: "that leaves the environment alone", config: "" },
  { name: "that keeps commands short of variables", config: '[shell_environment_policy]\ninherit = "core"' },
])("Codex cannot call us back, under a policy $name", async ({ config }) => {
  await using world = await createWorld({ script: [run(`'${PROGRAM}' 'And you?'`), say("It says no.")], config });
  expect(await ask(world, ["Ask ask_codex"])).toMatchObject({ code: 0 });
  expect(toolOutputs(world.model.requests[1])[0]).toMatch(
    /exited with code 1\n[\s\S]*\[ERROR\] .*inside one of its own runs/,
  );
  expect(world.model.requests).toHaveLength(2);
});
