import { expect, test } from "vitest";
import { readRequest, requestJsonSchema } from "../../../src/orchestrate/request/schema.ts";

const REQUEST = {
  task_id: "auth-001",
  type: "implementation",
  scope: { files: ["src/auth.ts"], lines: [45, 89] },
  requirements: ["Return 401 for tokens that are not valid"],
  validation: ["npm test"],
  constraints: ["Leave the type User as it is"],
};

test("a request is read as it stands, and what is null counts as left out", () => {
  const read = readRequest({ ...REQUEST, executor: null, scope: { ...REQUEST.scope, forbid: null } });
  expect(read).toEqual({ ok: true, request: REQUEST });
});

test.each([
  ["a type that does not exist", { type: "refactoring" }, "type is none of implementation"],
  ["a field that does not exist", { files: ["src/a.ts"] }, "files is not known"],
  ["a path out of the work tree", { scope: { files: ["../a.ts"] } }, "not below the root of the work tree"],
  ["a task id that makes no file name", { task_id: "../1" }, "task_id"],
  ["text for a list", { requirements: "Do it" }, "requirements is not a list"],
  ["lines that are not pairs", { scope: { files: ["a.ts"], lines: [4] } }, "scope.lines"],
])("%s is refused with what to change", (_what, change, said) => {
  const read = readRequest({ ...REQUEST, ...change });
  if (read.ok) throw new Error("it was read");
  expect(read.refusals.map(({ what }) => what).join(" ")).toContain(said);
  for (const { change: next } of read.refusals) expect(next).toMatch(/[.?]$/);
});

test.each([[null], ["text"], [[]], [42]])("%j is not a request and is answered all the same", (data) => {
  expect(readRequest(data)).toMatchObject({ ok: false, taskId: null });
});

test("the schema for the tool has every field, with what it means", () => {
  const schema = requestJsonSchema() as { properties: Record<string, unknown>; required: readonly string[] };
  expect(schema.required).toEqual(["task_id", "type"]);
  expect(Object.keys(schema.properties)).toEqual(
    expect.arrayContaining([...Object.keys(REQUEST), "executor", "commit"]),
  );
  expect(schema).not.toHaveProperty("$schema");
});
