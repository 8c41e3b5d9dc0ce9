import { expect, test } from "vitest";
import { timeOf } from "../../../src/cli/stats/since.ts";

test.each([
  { since: "soon", says: "--since soon is not a time: use 30d, 12h, 2w, or a day such as 2026-01-31." },
  { since: "999999999w", says: "--since 999999999w is too long" },
  { since: "99999999999d", says: "--since 99999999999d is too long" },
])("$since is refused, and which way it is wrong is said", ({ since, says }) => {
  expect(() => timeOf(since, new Date())).toThrow(says);
});
