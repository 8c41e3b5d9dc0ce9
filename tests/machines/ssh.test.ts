import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { inspectMachine } from "../../src/machines/inspect.ts";
import { byHand, runThere } from "../../src/machines/ssh.ts";
import { tempFolder } from "../support/temp-folder.ts";

const BOX = {
  name: "box",
  ssh: "me@box",
  options: [],
  folder: "tasks",
  codex: "codex",
  login: "here" as const,
  path: [],
};

afterEach(() => {
  vi.unstubAllEnvs();
});

test("what is said to be tried by hand has the user's own options, as a shell takes them", () => {
  expect(byHand(BOX)).toBe("ssh me@box");
  const options = ["-p2222", "-i", "~/.ssh/the box", "-oUser=it's"];
  expect(byHand({ ...BOX, options })).toBe("ssh -p2222 -i '~/.ssh/the box' '-oUser=it'\\''s' me@box");
});

test("where ssh is there and cannot be started, this machine is named, and not the other one", async () => {
  await using folder = await tempFolder();
  await writeFile(join(folder.path, "ssh"), "");
  vi.stubEnv("PATH", folder.path);
  await expect(inspectMachine(BOX)).rejects.toMatchObject({ kind: "system", message: "ssh: spawn ssh EACCES" });
});

test("where there is no ssh, that is said, and what to install", async () => {
  vi.stubEnv("PATH", "/nowhere");
  const asked = runThere({ ...BOX, options: ["-p2222"] }, "true", [], { limitMs: 10_000 });
  await expect(asked).rejects.toMatchObject({
    kind: "machine_unreachable",
    message: "the machine box cannot be reached: there is no ssh on PATH here; install OpenSSH's client",
    hint: "Try it by hand: ssh -p2222 me@box; then go on with --resume.",
  });
  expect(await inspectMachine(BOX)).toMatchObject({
    state: "unreachable",
    words: expect.stringContaining("there is no ssh on PATH here"),
  });
});
