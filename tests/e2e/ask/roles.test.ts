import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, sessionFlags } from "../../support/ask.ts";
import { brokerIn } from "../../support/broker.ts";
import { run, say } from "../../support/model/replies.ts";
import { toldTo } from "../../support/model/wire.ts";
import { createWorld } from "../../support/world.ts";

test("a role sets the sandbox and the effort, and speaks beside the task, which stays as it is", async () => {
  await using world = await createWorld({ script: [run("echo x > made.txt"), say("Seen."), say("Again.")] });
  const asked = await ask(world, ["--role", "reviewer", "--json", "Look at it"]);
  expect(asked).toMatchObject({
    code: 0,
    json: { receipt: { role: "reviewer", sandbox: "read-only", effort: "high" }, changes: [] },
  });
  const [frame = "", ...said] = toldTo(world.model.requests[0]);
  expect(frame).toContain("You are the reviewer");
  expect(said).toEqual(["Look at it"]);
  expect(world.model.requests[0]?.body.reasoning?.effort).toBe("high");
  // A role is for the task that names it.
  const next = await ask(world, [...sessionFlags(asked), "--json", "Go on"]);
  expect(next.json?.receipt).toMatchObject({ role: null });
  expect(toldTo(world.model.requests[2])).toEqual(["Go on"]);
});

test("flags win over a role, and a design may be asked for", async () => {
  await using world = await createWorld({ script: [say("Designed."), say("Settled.")] });
  const flags = ["--role", "architect", "--sandbox", "workspace-write", "--reasoning", "low"];
  const asked = await ask(world, [...flags, "--json", "Design it"]);
  expect(asked.json?.receipt).toMatchObject({ role: "architect", sandbox: "workspace-write", effort: "low" });
  expect(toldTo(world.model.requests[0])[0]).not.toContain("design proposals");
  await ask(world, ["Build it"]);
  expect(toldTo(world.model.requests[1])[0]).toContain("design proposals");
});

test("a project's own role narrows, and cannot widen what it finds", async () => {
  const files = {
    ".ask-codex/roles/operator.md":
      "---\ndescription: At night\nsandbox: workspace-write\n---\nLook for what fails at night.\n",
  };
  await using world = await createWorld({ script: [say("Read."), say("Looked.")], files });
  const asked = await ask(world, ["--read-only", "Read"]);
  const looked = await ask(world, [...sessionFlags(asked), "--role", "operator", "--json", "Look"]);
  expect(looked.json?.receipt).toMatchObject({ role: "operator", sandbox: "read-only" });
  expect(toldTo(world.model.requests[1])).toEqual(["Look for what fails at night.", "Look"]);
});

test("a role that is unknown is refused before anything runs", async () => {
  await using world = await createWorld({ script: [] });
  const asked = await ask(world, ["--role", "boss", "Do it"]);
  expect(asked).toMatchObject({ code: 1, stdout: "" });
  expect(asked.stderr).toBe(
    "[ERROR] --role boss is unknown. Use architect, debugger, orchestrator, reviewer, scout, writer.\n",
  );
  expect(world.model.requests).toHaveLength(0);
});

test("a session has a role from its start, and a message may have one of its own", async () => {
  await using world = await createWorld({ script: () => say("Well.") });
  await using broker = brokerIn(world);
  const id = await broker.start("--role", "scout", "Find it", "--wait");
  await broker("send", id, "Go on", "--wait");
  await broker("send", id, "--role", "reviewer", "Judge it", "--wait");
  const told = world.model.requests.map((request) => toldTo(request));
  expect(told[0]?.[0]).toContain("You are the scout");
  expect(told[1]).toEqual(["Go on"]);
  expect(told[2]?.[0]).toContain("You are the reviewer");
  expect(world.model.requests.map(({ body }) => body.reasoning?.effort)).toEqual(["low", "low", "high"]);
  const { current_run_dir: folder } = await broker.state(id);
  const result = JSON.parse(await readFile(join(String(folder), "result.json"), "utf8"));
  expect(result.receipt).toMatchObject({ role: "reviewer", sandbox: "read-only" });
});
