import { expect, test } from "vitest";
import { overlaps } from "../../../src/batch/plan/overlaps.ts";

const writer = (id: string, files: readonly string[] | null, ...after: string[]) => ({ id, files, after });

test("a pair that may write the same file at the same time is named with its patterns", () => {
  const tasks = [
    writer("css", ["src/**/*.css"]),
    writer("theme", ["docs/", "src/theme/*"]),
    writer("late", ["src/a.css"], "css"),
    writer("api", ["src/api.ts"]),
  ];
  expect(overlaps(tasks, tasks)).toEqual([{ one: "css", other: "theme", where: "src/**/*.css and src/theme/*" }]);
});

test("a task without files may write any", () => {
  const tasks = [writer("all", null), writer("one", ["a.ts"]), writer("after", null, "all", "one")];
  expect(overlaps(tasks, tasks)).toEqual([{ one: "all", other: "one", where: "any file and a.ts" }]);
});

test("tasks that wait for one another by a third one do not meet", () => {
  const tasks = [writer("a", ["x"]), writer("b", ["y"], "a"), writer("c", ["x"], "b")];
  expect(overlaps(tasks, tasks)).toEqual([]);
});
