import { expect, test } from "vitest";
import { checkRequest } from "../../../src/orchestrate/request/check.ts";
import type { DelegationRequest } from "../../../src/orchestrate/request/schema.ts";
import { committed, scratchFolder } from "../../support/git/repository.ts";
import { bounds, request } from "../../support/samples/delegation.ts";

test("a request that holds becomes a contract, with the person's bounds and the protected places in it", async () => {
  const checked = await check(request(), { validation: ["node --test"], forbid: ["src/secret.js"] });
  if (!checked.ok) throw new Error(JSON.stringify(checked.refusals));
  expect(checked.contract).toMatchObject({
    guardrails: { maxFiles: 3, forbidDeletedTests: true },
    handoff: { taskId: "sum-001", scope: { files: ["src/sum.js"] } },
  });
  expect(checked.contract.handoff.scope.forbid).toEqual(
    expect.arrayContaining(["src/secret.js", ".claude/", ".github/"]),
  );
  expect(checked.trusted).toEqual(["node --test"]);
});

test("a command that the person has not named exactly is not trusted", async () => {
  const checked = await check(request({ validation: ["node --test", "node --test src"] }), {
    validation: ["node --test "],
  });
  expect(checked).toMatchObject({ ok: true, trusted: ["node --test"] });
});

test.each<[string, Partial<DelegationRequest>, string]>([
  ["no validation", { validation: [] }, "There is no validation step"],
  ["no requirement", { requirements: [] }, "There are no tasks"],
  ["no scope", { scope: undefined }, "The scope names no file"],
  [
    "a phrase that leaves all open",
    { requirements: ["In `src/sum.js`, add `sum` and clean up"] },
    '"clean up" leaves open',
  ],
  ["a command that does not exist", { validation: ["no-such-program"] }, "cannot be run"],
  ["a command that proves nothing", { validation: ["true"] }, "succeeds whatever the work is like"],
  ["too many files", { scope: { files: ["a.js", "b.js", "c.js", "d.js"] } }, "3 at most"],
  ["lines of no file", { scope: { files: ["a.js", "b.js"], lines: [1, 2] } }, "says nothing of which file"],
])("%s is refused, and what to change is said", async (_what, differs, said) => {
  const checked = await check(request(differs));
  if (checked.ok) throw new Error("it was accepted");
  expect(checked.refusals.map(({ what }) => what).join(" ")).toContain(said);
  expect(checked.refusals.every(({ change }) => change.length > 10)).toBe(true);
});

test("all that is wrong is said at once", async () => {
  const checked = await check(request({ scope: { files: [".github/ci.yml"] }, validation: [] }));
  const what = (text: string) => ({ what: expect.stringContaining(text) });
  const refusals = [what(".github/ is protected"), what("no success criteria"), what("no validation step")];
  expect(checked).toMatchObject({ ok: false, refusals });
});

test("a task that changes nothing needs no scope and no validation, and cannot make or commit anything", async () => {
  const look = { type: "analysis", scope: undefined, validation: undefined } as const;
  const checked = await check(request(look));
  expect(checked).toMatchObject({ ok: true, contract: { handoff: { scope: { files: [] } } } });
  expect(await check(request({ ...look, expect_files: ["a.md"], commit: "Add it" }))).toMatchObject({
    ok: false,
    refusals: [{ what: expect.stringContaining("expect_files") }, { what: expect.stringContaining("commit") }],
  });
});

test("a validation task needs commands that can be run, and nothing else", async () => {
  const run = { type: "validation", scope: undefined, requirements: undefined } as const;
  expect(await check(request(run))).toMatchObject({ ok: true });
  expect(await check(request({ ...run, validation: ["no-such-program"] }))).toMatchObject({ ok: false });
  expect(await check(request({ ...run, validation: [] }))).toMatchObject({ ok: false });
});

test("the policy of the work tree narrows further, and its rules for the executor go along", async () => {
  const policy =
    "guardrails: { max_files: 1 }\nforbidden_phrases: [as usual]\nexecutors: { claude: [Use tabs], codex: [Use spaces] }\n";
  const tree = { ".ask-codex/policy.yaml": `${policy}required_fields: [title, constraints]\n` };
  const held = await check(request({ constraints: ["No new exports"] }), {}, tree);
  expect(held).toMatchObject({ ok: true, contract: { guardrails: { maxFiles: 1 }, rules: ["Use tabs"] } });
  const vague = await check(request({ requirements: ["In `src/sum.js`, add it as usual"] }), {}, tree);
  expect(vague).toMatchObject({ ok: false });
  expect(JSON.stringify(vague)).toContain("constraints");
});

async function check(
  asked: DelegationRequest,
  differs: Parameters<typeof bounds>[0] = {},
  files: Readonly<Record<string, string>> = {},
) {
  const { root } = committed({ "src/sum.js": "export {};\n", ...files });
  const searchPath = process.env["PATH"] ?? "";
  return checkRequest(asked, {
    root,
    searchPath,
    bounds: bounds(differs),
    executor: "claude",
    folder: scratchFolder(),
  });
}
