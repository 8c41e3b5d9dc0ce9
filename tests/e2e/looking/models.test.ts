import { existsSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { say } from "../../support/model/replies.ts";
import { inMatrix } from "../../support/suite.ts";
import { createWorld } from "../../support/world.ts";

test("what Codex lists can be asked for, a slip in an effort is named, and a dry run starts nothing", async () => {
  await using world = await createWorld({ script: () => say("Well.") });
  const dry = await ask(world, ["--dry-run", "--read-only", "--file", "nope.js", "--model", "a-model", "Look\naround"]);
  expect(dry).toMatchObject({
    code: 0,
    keys: { dry_run: "true", sandbox: "read-only", model: "a-model", session: "new" },
  });
  expect(dry.keys["codex"]).toMatch(/\/codex$/);
  expect(dry.stdout).toMatch(/\n\| - .*nope\.js \(missing\)\n\| Look\n\| around\n$/);
  expect(dry.stderr).toContain("[WARNING] --file: no such file");
  const asObject = await ask(world, ["--dry-run", "--json", "Look\naround"]);
  expect(JSON.parse(asObject.stdout)).toMatchObject({
    dry_run: true,
    session: "new",
    sent: [expect.any(String), "Look\naround"],
  });
  expect([existsSync(world.state), world.model.requests.length]).toEqual([false, 0]);

  const listed = JSON.parse((await ask(world, ["models", "--json"])).stdout);
  const [first] = listed.models;
  expect(first.efforts).toContain(first.default_effort);
  expect((await ask(world, ["models"])).stdout.split("\n")[0]).toMatch(new RegExp(`^${first.model}\t`));

  const slipped = await ask(world, ["--reasoning", "hgih", "Do it"]);
  expect(slipped.stderr).toMatch(
    /^\[WARNING\] Codex does not list the effort hgih, only .*\bhigh\b.* Did you mean high\?/m,
  );
  const own = await ask(world, ["--model", "nope-5", "Do it"]);
  // A provider of one's own may have models that Codex knows nothing of.
  expect(own).toMatchObject({ code: 0, stderr: expect.not.stringContaining("[WARNING]") });
});

inMatrix(() => {
  // Seconds: Codex tries its own provider by another way first.
  test("a model that Codex's own provider does not list is named", async () => {
    await using world = await createWorld({ script: () => say("Well."), config: 'model_provider = "openai"\n' });
    await writeFile(join(world.codexHome, "auth.json"), JSON.stringify({ OPENAI_API_KEY: "sk-none" }));
    const asked = await ask(world, ["--config", `openai_base_url="${world.model.url}"`, "--model", "nope-5", "Do it"]);
    expect(asked.stderr).toMatch(/^\[WARNING\] Codex does not list the model nope-5, only gpt-/m);
  });
});

test("without Codex nothing can be listed, and nothing is left of the try", async () => {
  await using world = await createWorld({ script: [] });
  const refused = await ask(world, ["models"], { env: { ASK_CODEX_COMMAND: "/nowhere/codex" } });
  expect(refused).toMatchObject({ code: 3, keys: { error_kind: "codex_missing" } });
  expect(readdirSync(world.temp)).toEqual([]);
});
