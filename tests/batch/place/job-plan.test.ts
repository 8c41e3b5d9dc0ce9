import { expect, test } from "vitest";
import { outsideOf } from "../../../src/batch/place/job-plan.ts";

test("a file that no pattern of a task names is outside of it, a former name included", () => {
  const files = [
    { path: "src/a.ts" },
    { path: "src/new.ts", from: "lib/old.ts" },
    { path: "docs/x/y.md" },
    { path: "b.ts" },
  ];
  expect(outsideOf(files, ["src/**", "docs/"])).toEqual(["lib/old.ts", "b.ts"]);
  expect(outsideOf(files, null)).toEqual([]);
  expect(outsideOf(files, [])).toHaveLength(5);
});
