import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fromJSONSchema } from "zod";
import { PLAN_FIELDS, planJsonSchema } from "../../../src/batch/plan/schema.ts";
import { ROOT } from "../../support/paths.ts";

const published = JSON.parse(readFileSync(join(ROOT, "references", "batch.schema.json"), "utf8"));

test("the published JSON Schema is the one that plans are held against; `npm run build` writes it", () => {
  expect(published).toEqual(planJsonSchema());
});

test("it takes a plan, and no field that we do not know", () => {
  const schema = fromJSONSchema(published);
  expect(schema.safeParse({ tasks: [{ id: "a", prompt: "b", after: [], files: ["x"] }], parallel: 2 }).success).toBe(
    true,
  );
  expect(schema.safeParse({ tasks: [{ id: "a", prompt: "b", network: true }] }).success).toBe(false);
  expect(schema.safeParse({ tasks: [{ id: "a" }], check: "rm -rf /" }).success).toBe(false);
  expect(PLAN_FIELDS).toContain("tasks.verify_cmd");
});
