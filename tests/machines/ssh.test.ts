import { afterEach, expect, test, vi } from "vitest";
import { inspectMachine } from "../../src/machines/inspect.ts";
import { byHand, runThere } from "../../src/machines/ssh.ts";
import { startChild } from "../../src/process/start-child.ts";

vi.mock(import("../../src/process/start-child.ts"), async (original) => {
  const real = await original();
  return { startChild: vi.fn(real.startChild) };
});

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

test("a machine of ours that has no room for ssh is named, and not the other one", async () => {
  vi.mocked(startChild).mockReturnValueOnce(Object.assign(new Error("spawn ssh EMFILE"), { code: "EMFILE" }));
  await expect(inspectMachine(BOX)).rejects.toMatchObject({ kind: "system", message: "ssh: spawn ssh EMFILE" });
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
