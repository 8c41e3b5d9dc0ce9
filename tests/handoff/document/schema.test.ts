import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fromJSONSchema } from "zod";
import { FRONT_MATTER_FIELDS, frontMatterJsonSchema } from "../../../src/handoff/document/schema.ts";
import { toRequest } from "../../../src/handoff/document/write.ts";
import { ROOT } from "../../support/paths.ts";
import { handoffs } from "../../support/samples/random-handoff.ts";
import { testAtRandom } from "../../support/trials.ts";

const published = JSON.parse(readFileSync(join(ROOT, "references", "handoff.schema.json"), "utf8"));

const schema = fromJSONSchema(published);

describe("the published JSON Schema of the front matter", () => {
  test("is the one that documents are held against; `npm run build` writes it", () => {
    expect(published).toEqual(frontMatterJsonSchema());
  });

  test("says of every field what it is for", () => {
    const { scope, guardrails, ...fields } = published.properties;
    const nested = [...Object.values(scope.properties), ...Object.values(guardrails.properties)];
    const described = [...Object.values(fields), ...nested] as readonly { readonly description?: string }[];
    expect(described).toHaveLength(FRONT_MATTER_FIELDS.length);
    expect(described.filter(({ description = "" }) => !/\w/.test(description))).toEqual([]);
  });

  testAtRandom("takes what we write", { change: 50, full: 1_000 }, handoffs(), (handoff) => {
    const { requirements, success_criteria, title, notes, scope, ...fields } = JSON.parse(toRequest(handoff));
    const front = { ...fields, scope: { files: scope.files, forbid: scope.forbid } };
    expect(schema.safeParse(JSON.parse(JSON.stringify(front))).error?.issues ?? []).toEqual([]);
  });

  test("takes no field that we do not know", () => {
    expect(schema.safeParse({ task_id: "a", colour: "red" }).success).toBe(false);
    expect(schema.safeParse({ task_id: 1 }).success).toBe(false);
  });
});
