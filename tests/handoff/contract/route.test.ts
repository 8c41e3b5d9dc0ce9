import { expect, test } from "vitest";
import { DEFAULT_POLICY } from "../../../src/handoff/contract/policy.ts";
import { routeFor } from "../../../src/handoff/contract/route.ts";

test.each([
  { task: "Debug why the preview worker is failing intermittently", route: "claude", pattern: "debug" },
  { task: "Fix the race condition, a nasty BUG, in the queue", route: "claude", pattern: "fix bug" },
  { task: "Add authentication to all API endpoints", route: "codex", pattern: "add to all" },
  { task: "Refactor the schema across all services", route: "codex", pattern: "refactor across" },
  { task: "Setup a new worker", route: "codex", pattern: "setup new" },
  // The words are there, but in another order, or as a part of another word.
  { task: "A bug nobody could fix", route: "ask", pattern: null },
  { task: "Read the debugger's manual", route: "ask", pattern: null },
  { task: "Write a letter", route: "ask", pattern: null },
  { task: "", route: "ask", pattern: null },
  { task: "Debug what is slow, then add tracing to all services", route: "ask", pattern: null },
])("$task: $route", ({ task, route, pattern }) => {
  const way = routeFor(task, DEFAULT_POLICY.delegation);
  expect(way).toMatchObject({ route, pattern });
  expect(way.why).toMatch(/\w/);
});

test("a project's own patterns decide, in any script", () => {
  const delegation = { precise: ["größe ändern"], orchestration: ["直す", " ", "…"] };
  expect(routeFor("Bitte die GRÖSSE, nein: die Größe der Bilder ändern", delegation).route).toBe("claude");
  expect(routeFor("直す", delegation).route).toBe("codex");
  expect(routeFor("debug", delegation).route).toBe("ask");
});

test("a task that fits both sides names both patterns", () => {
  expect(routeFor("debug x, add to all", DEFAULT_POLICY.delegation).why).toContain(
    "debug (claude) and add to all (codex)",
  );
});
