import fc from "fast-check";
import { expect, test } from "vitest";
import { stateFile } from "../../../src/broker/store/state-file.ts";
import { usualState } from "../../../src/broker/store/state-shape.ts";
import { fullState } from "../../support/samples/sessions.ts";

const usual = { ...fullState, open_requests: [], orchestration: null };
const NAMES = Object.keys(stateFile.def.shape);

test("a usual state is taken as zod takes it", () => {
  expect(stateFile.parse(usual)).toEqual(usual);
  expect(usualState(usual)).toEqual(usual);
});

test("whatever a field holds, nothing is usual that the schema refuses", () => {
  const values = fc.oneof(
    ...[fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined)],
    ...[fc.array(fc.oneof(fc.string(), fc.integer())), fc.object()],
  );
  fc.assert(
    fc.property(fc.constantFrom(...NAMES), values, (name, value) => {
      const changed = { ...usual, [name]: value };
      const parsed = stateFile.safeParse(changed);
      if (usualState(changed) !== null) expect(parsed.data).toEqual(changed);
      // The other way round there are exceptions: an old file without `resume_with`, what is waited for, and an orchestration.
      else if (parsed.success) expect(["resume_with", "open_requests", "orchestration"]).toContain(name);
    }),
    { numRuns: 2_000 },
  );
});

test.each([null, 1, "text", [], [usual], {}])("%j is not a state", (value) => {
  expect(usualState(value)).toBeNull();
});
