import fc from "fast-check";
import { expect, test } from "vitest";
import { ledgerEntrySchema } from "../../src/ledger/ledger.ts";
import { usualEntry } from "../../src/ledger/usual-entry.ts";
import { entry } from "../support/samples/ledger.ts";
import { testAtRandom } from "../support/trials.ts";

const handoff = {
  ...{ task_id: "t", type: "bugfix", verdict: "violated", violations: ["scope"], failures: [], committed: false },
  document: "abc",
};

test.each([
  { name: "a task", usual: entry() },
  { name: "a handoff", usual: entry({ kind: "handoff", handoff }) },
  { name: "a run without tokens, and of which no file is known", usual: entry({ tokens: null, files_changed: null }) },
])("the entry of $name is known without the schema", ({ usual }) => {
  expect(usualEntry(usual)).toEqual(ledgerEntrySchema.parse(usual));
});

test("what is seldom is left to the schema", () => {
  for (const seldom of [entry({ batch: "b" }), entry({ kind: "delegation" }), { ...entry(), schema_version: 2 }, null])
    expect(usualEntry(seldom)).toBeNull();
});

const odd = fc.constantFrom<unknown>(null, undefined, "", "x", -1, 0.5, 3, true, [], [1], {}, { total: 1 }, Number.NaN);
const keys = Object.keys(entry()) as (keyof ReturnType<typeof entry>)[];

testAtRandom(
  "what is taken without the schema is what the schema takes",
  { change: 500, full: 20_000 },
  fc.tuple(fc.constantFrom(...keys), odd, fc.option(fc.constantFrom(...Object.keys(handoff)), { nil: null })),
  ([key, value, inside]) => {
    const changed =
      inside === null
        ? { ...entry(), [key]: value }
        : { ...entry(), kind: "handoff", handoff: { ...handoff, [inside]: value } };
    if (usualEntry(changed) !== null) expect(ledgerEntrySchema.safeParse(changed).success).toBe(true);
  },
);
