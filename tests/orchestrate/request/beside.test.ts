import { expect, test } from "vitest";
import { besideFault } from "../../../src/orchestrate/request/beside.ts";
import type { DelegationRequest } from "../../../src/orchestrate/request/schema.ts";
import { request } from "../../support/samples/delegation.ts";

const other = (differs: Partial<DelegationRequest>) => request({ task_id: "other", ...differs });
const scope = (...files: readonly string[]) => ({ scope: { files: [...files] } });

test.each<[string, DelegationRequest, string | null]>([
  ["files of its own", other(scope("src/other.js")), null],
  ["a file of another task", other(scope("src/sum.js")), "src/sum.js is in the scope of sum-001 as well"],
  ["a pattern that meets one", other(scope("src/*.js")), "is in the scope of sum-001 as well"],
  [
    "an expected file of another",
    other({ ...scope("x.js"), expect_files: ["src/sum.js"] }),
    "src/sum.js is in the scope",
  ],
  ["only reading", other({ type: "analysis", ...scope("src/sum.js") }), null],
  ["the same name", request(scope("src/other.js")), "names sum-001 twice"],
  ["a commit", other({ ...scope("src/other.js"), commit: "Add" }), "worked on alone"],
])("a request with %s", (_what, asked, words) => {
  const fault = besideFault(asked, [request()]);
  if (words === null) expect(fault).toBeNull();
  else expect(fault?.what).toContain(words);
});

test("lines of one file that lie apart do not meet, whichever field names them", () => {
  const first = request({ scope: { files: ["src/sum.js"], lines: [1, 9] } });
  expect(besideFault(other(scope("src/sum.js:10-20")), [first])).toBeNull();
  expect(besideFault(other(scope("src/sum.js:9-20")), [first])).toMatchObject({ change: /later call/ });
});
