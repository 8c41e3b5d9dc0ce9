import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { brokerIn } from "../../support/broker.ts";
import { say } from "../../support/model/replies.ts";
import { createWorld } from "../../support/world.ts";

test("forget removes the session that it is given, not one that is served, and never one that was not named", async () => {
  await using world = await createWorld({ script: [say("Well.")] });
  await using broker = brokerIn(world);
  const id = await broker.start("--name", "bee", "Do it");
  await broker("wait", id);
  const served = await broker("forget", "@bee");
  expect(served).toMatchObject({ code: 1, keys: { error_kind: "session_busy" } });
  expect(served.stderr).toContain("a worker serves it");
  await broker("stop", id);
  expect((await broker("forget")).stderr).toContain("forget requires a broker id.");
  expect(existsSync(broker.folder(id))).toBe(true);
  const gone = await broker("forget", "@bee");
  expect(gone).toMatchObject({ code: 0, keys: { removed: broker.folder(id) } });
  expect(existsSync(broker.folder(id))).toBe(false);
  expect((await broker("status", id)).stderr).toContain("Unknown broker session");
});

test("rename gives a session another name, served or not, for both commands, and no name that another has", async () => {
  await using world = await createWorld({ script: [say("One."), say("Two."), say("Three."), say("Four.")] });
  await using broker = brokerIn(world);
  const id = await broker.start("--name", "bee", "--read-only", "--wait", "Begin");
  const served = await broker("rename", "@bee", "wasp");
  expect(served).toMatchObject({ code: 0, keys: { broker_id: id, name: "wasp", previous_name: "bee" } });
  expect((await broker("status", "@wasp")).keys).toMatchObject({ broker_id: id, name: "wasp", worker: "alive" });
  expect((await broker("status", "@bee")).stderr).toContain("The nearest names: @wasp.");
  await broker("stop", id);
  expect(await broker("rename", "ant")).toMatchObject({ code: 0, keys: { name: "ant", previous_name: "wasp" } });
  expect((await broker("list")).stdout).toContain(`${id}\t@ant\t`);
  // The next run keeps it, and `ask_codex` goes on by it.
  await broker("send", "@ant", "--wait", "Go on.");
  await broker("stop", id);
  expect(await ask(world, ["--session", "@ant", "--read-only", "And on."])).toMatchObject({ code: 0 });
  expect((await ask(world, ["sessions"])).stdout).toContain("\t@ant\t");

  await broker.start("--name", "other", "--read-only", "--wait", "Begin");
  for (const { args, says } of [
    { args: ["@ant", "other"], says: "Another session of this work tree has the name other" },
    { args: ["@ant", "a b"], says: "a b is not a name" },
    { args: ["@ant", ""], says: '"" is not a name' },
    { args: ["@ant"], says: "rename requires a new name." },
    { args: [], says: "rename requires a new name." },
  ]) {
    const refused = await broker("rename", ...args);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain(says);
  }
});
