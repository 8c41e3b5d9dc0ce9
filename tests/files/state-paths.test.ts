import { expect, test } from "vitest";
import { newId, runPaths, stateHome } from "../../src/files/state-paths.ts";

test.each([
  { name: "ours comes first", env: { ASK_CODEX_HOME: "/ours", XDG_STATE_HOME: "/xdg" }, home: "/ours" },
  { name: "then XDG", env: { XDG_STATE_HOME: "/xdg" }, home: "/xdg/ask-codex" },
  { name: "then the home folder", env: {}, home: "/home/me/.local/state/ask-codex" },
  { name: "a relative XDG is ignored", env: { XDG_STATE_HOME: "state" }, home: "/home/me/.local/state/ask-codex" },
  { name: "an empty ours is none", env: { ASK_CODEX_HOME: "", XDG_STATE_HOME: "/xdg" }, home: "/xdg/ask-codex" },
  { name: "an empty XDG is none", env: { XDG_STATE_HOME: "" }, home: "/home/me/.local/state/ask-codex" },
])("state has one home: $name", ({ env, home }) => {
  expect(stateHome(env, "/home/me")).toBe(home);
});

test("each file of a run lies in the run's own folder, and no two are the same", () => {
  const { folder, ...files } = runPaths("/state", "run-1");
  expect(folder).toBe("/state/runs/run-1");
  for (const file of Object.values(files)) expect(file.startsWith(`${folder}/`)).toBe(true);
  expect(new Set(Object.values(files)).size).toBe(Object.keys(files).length);
});

test("ids sort by the time they were made at, across every border of the calendar", () => {
  const times = [
    "2025-12-31T23:59:59.999Z",
    "2026-01-01T00:00:00.000Z",
    "2026-01-01T00:00:00.001Z",
    "2026-01-01T00:00:09.100Z",
    "2026-01-01T00:00:10.099Z",
    "2026-09-30T23:00:00.000Z",
    "2026-10-01T01:00:00.000Z",
  ];
  const ids = times.map((time) => newId(new Date(time)));
  expect([...ids].sort()).toEqual(ids);
});

test("10,000 ids of the same millisecond are unique, and each is a plain file name", () => {
  const now = new Date("2026-11-21T06:01:31.449Z");
  const ids = Array.from({ length: 10_000 }, () => newId(now));
  expect(new Set(ids).size).toBe(10_000);
  for (const id of ids) expect(id).toMatch(/^20261121-060131-449-[0-9a-f]{16}$/);
});
