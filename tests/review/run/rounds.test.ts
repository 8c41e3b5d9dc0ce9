import { expect, test } from "vitest";
import type { ListedChanges } from "../../../src/ask/model/evidence.ts";
import type { ReviewedWork } from "../../../src/ask/model/reviewer.ts";
import { checkWords } from "../../../src/ask/report/progress-words.ts";
import type { ReviewOutcome } from "../../../src/review/run/outcome.ts";
import { roundsReviewer } from "../../../src/review/run/rounds.ts";
import { judgedFinding, reviewOutcome } from "../../support/samples/review.ts";

const fault = (id: string, overrides = {}) => judgedFinding({ id, title: `Fault ${id}`, ...overrides });

/** What the rounds say of reviews that report these findings, one after the other; the work changes before each unless told. */
async function rounds(
  reviews: readonly (Partial<ReviewOutcome> | Error)[],
  { mayRepair = true, tree = (at: number) => `t${at}` } = {},
) {
  const left = [...reviews];
  const reviewer = roundsReviewer({
    rounds: 3,
    objects: "/objects",
    review: async () => {
      const next = left.shift();
      if (next instanceof Error) throw next;
      return reviewOutcome({ verdict: "findings", ...next });
    },
  });
  const said: { passed: boolean; detail: string; repair: string | null }[] = [];
  for (const at of reviews.keys()) {
    const changes = {
      ...{
        type: "listed",
        root: "/w",
        alsoRunning: [],
        files: [{ path: "a.js", kind: "changed", added: 1, removed: 0 }],
      },
      trees: { before: "t", after: tree(at) },
    } as unknown as ListedChanges;
    const { checks, repair } = await reviewer.review({ changes } as ReviewedWork, { mayRepair });
    said.push({ passed: checks[0]?.passed ?? false, detail: checks[0]?.detail ?? "", repair });
  }
  return said;
}

test("changes that are not known are not reviewed, and the cause is told in the line of the check", async () => {
  const reviewer = roundsReviewer({ rounds: 1, objects: "/objects", review: async () => reviewOutcome({}) });
  const changes = { type: "unknown", reason: "there is no git program on PATH" } as const;
  const { checks } = await reviewer.review({ changes } as ReviewedWork, { mayRepair: true });
  expect(checks.map(checkWords)).toEqual([
    "FAILED: review the changes of this run: the changes are not known (there is no git program on PATH): nothing was reviewed",
  ]);
});

test("findings go back with their code and scenario, and it ends when none is left", async () => {
  const [first, second] = await rounds([{ blocking: [fault("f1")] }, { blocking: [] }]);
  expect(first).toMatchObject({ passed: false, repair: expect.stringContaining("Fault f1") });
  expect(first?.repair).toContain(fault("f1").code);
  expect(second).toMatchObject({ passed: true, repair: null, detail: expect.stringContaining("nothing blocking") });
});

test.each([
  { name: "no blocking finding is new", reviews: [["f1"], ["f1"]], says: "no blocking finding is new" },
  {
    name: "one comes back a second time beside new ones",
    reviews: [["f1"], ["f1", "f2"], ["f1", "f3"]],
    says: "a finding came back twice",
  },
])("it ends when $name, and says what is left", async ({ reviews, says }) => {
  const said = await rounds(reviews.map((ids) => ({ blocking: ids.map((id) => fault(id)) })));
  expect(said.at(-1)).toMatchObject({ passed: false, repair: null, detail: expect.stringContaining(says) });
  expect(said.at(-1)?.detail).toContain("Fault f1");
  expect(said.slice(0, -1).every(({ repair }) => repair !== null)).toBe(true);
});

test("it ends when nothing has changed, without another review", async () => {
  const said = await rounds([{ blocking: [fault("f1")] }, new Error("not asked for")], { tree: () => "same" });
  expect(said[1]).toMatchObject({
    passed: false,
    repair: null,
    detail: expect.stringContaining("nothing changed since"),
  });
});

test("it ends when the rounds are used up", async () => {
  const [only] = await rounds([{ blocking: [fault("f1")] }], { mayRepair: false });
  expect(only).toMatchObject({
    passed: false,
    repair: null,
    detail: expect.stringContaining("the rounds are used up"),
  });
});

test("a finding outside of the change is counted and never sent", async () => {
  const [only] = await rounds([{ blocking: [fault("f1", { inChange: false })] }]);
  expect(only).toMatchObject({
    passed: true,
    repair: null,
    detail: expect.stringContaining("1 outside of the change"),
  });
});

test.each([
  { name: "could not be done", review: new Error("no login"), says: "could not be reviewed: no login" },
  {
    name: "is incomplete",
    review: { verdict: "incomplete", blocking: [], cutShort: "out of time" },
    says: "incomplete: out of time",
  },
] as const)("a review that $name does not pass the run", async ({ review, says }) => {
  const [only] = await rounds([review]);
  expect(only).toMatchObject({ passed: false, repair: null, detail: expect.stringContaining(says) });
});
