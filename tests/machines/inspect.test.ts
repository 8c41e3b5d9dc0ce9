import { expect, test } from "vitest";
import { lacking } from "../../src/machines/inspect.ts";

const READY = {
  git: "git version 2.39.5",
  codex: "codex-cli 0.171.0",
  ws_auth: "yes",
  sandbox: "yes",
  proc: "yes",
  free_kb: "900000",
};

test.each([
  { name: "nothing", found: {}, words: null },
  { name: "git", found: { git: "" }, words: "it has no git" },
  { name: "a newer git", found: { git: "git version 2.20.1" }, words: "its git is 2.20.1; 2.29.0 is needed" },
  { name: "Codex", found: { codex: "" }, words: expect.stringContaining("no Codex called /opt/codex") },
  { name: "a newer Codex", found: { ws_auth: undefined }, words: expect.stringContaining("no exec-server") },
  { name: "a sandbox", found: { sandbox: undefined }, words: expect.stringContaining("sandbox") },
  { name: "/proc", found: { proc: undefined }, words: expect.stringContaining("/proc") },
  { name: "disk", found: { free_kb: "20480" }, words: "its disk has 20 MB free; 100 are needed" },
])("a machine that lacks $name", ({ found, words }) => {
  const all = Object.entries({ ...READY, ...found }).filter(([, value]) => value !== undefined);
  expect(lacking(new Map(all as [string, string][]), { codex: "/opt/codex" })).toEqual(words);
});
