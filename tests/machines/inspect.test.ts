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
  expect(lacking(new Map(all as [string, string][]), { codex: "/opt/codex", login: "here" })).toEqual(words);
});

const OWN = {
  ...READY,
  ws_auth: undefined,
  account: '{"id":2,"result":{"account":{"type":"chatgpt"},"requiresOpenaiAuth":true}}',
};

test.each([
  { name: "nothing", found: {}, words: null },
  {
    name: "an exec-server and a login, where its provider needs none",
    found: { account: '{"result":{}}' },
    words: null,
  },
  {
    name: "a login",
    found: { account: '{"result":{"account":null,"requiresOpenaiAuth":true}}' },
    words: expect.stringContaining("not logged in"),
  },
  {
    name: "an app-server",
    found: { account: undefined },
    words: expect.stringContaining("does not answer as an app-server"),
  },
  {
    name: "a Codex that we know",
    found: { codex: "codex-cli 0.149.0" },
    words: expect.stringContaining("0.149.0 is too old"),
  },
])("a machine with a login of its own that lacks $name", ({ found, words }) => {
  const all = Object.entries({ ...OWN, ...found }).filter(([, value]) => value !== undefined);
  expect(lacking(new Map(all as [string, string][]), { codex: "codex", login: "own" })).toEqual(words);
});
