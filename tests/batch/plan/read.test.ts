import { expect, test } from "vitest";
import { readPlan } from "../../../src/batch/plan/read.ts";

const TASKS = [
  { id: "a", prompt: "One." },
  { id: "b", prompt: "Two.", after: ["a"], files: ["src/**/*.ts"] },
];

test.each([
  {
    name: "YAML",
    text: 'tasks:\n  - id: a\n    prompt: One.\n  - id: b\n    prompt: Two.\n    after: [a]\n    files: ["src/**/*.ts"]\n',
  },
  {
    name: "a flow map of YAML",
    text: "{tasks: [{id: a, prompt: One.}, {id: b, prompt: Two., after: [a], files: ['src/**/*.ts']}]}",
  },
  { name: "JSON", text: JSON.stringify({ tasks: TASKS }, null, 2) },
  { name: "a JSON list", text: JSON.stringify(TASKS) },
  { name: "a task a line", text: TASKS.map((task) => JSON.stringify(task)).join("\n\n") },
  { name: "JSON behind a byte order mark", text: `\uFEFF${JSON.stringify({ tasks: TASKS })}` },
])("a plan is read as $name", async ({ text }) => {
  expect(await readPlan(text)).toEqual({ plan: { tasks: TASKS }, faults: [] });
});

test("a single line is one task", async () => {
  expect((await readPlan('{"id":"a","prompt":"One."}\n')).plan).toEqual({ tasks: [TASKS[0]] });
});

test.each([
  { name: "nothing", text: " \n", fault: { task: null, what: "The plan is empty" } },
  { name: "no list of tasks", text: "parallel: 2\n", fault: { task: null, what: "tasks is not a list" } },
  { name: "an empty list", text: "tasks: []\n", fault: { task: null, what: "tasks must have at least 1 item" } },
  {
    name: "a field that no plan has",
    text: "tasks: [{id: a, prompt: b, network: true}]",
    fault: { task: "a", what: "tasks[0].network is not known" },
  },
  {
    name: "a slip",
    text: "tasks: [{id: a, prompt: b, verifyCmd: c}]",
    fault: { task: "a", fix: "Did you mean tasks.verify_cmd?" },
  },
  { name: "full access", text: "tasks: [{id: a, prompt: b, sandbox: danger-full-access}]", fault: { task: "a" } },
  {
    name: "a path out of the tree",
    text: "tasks: [{id: a, handoff: ../x.md}]",
    fault: { task: "a", what: "tasks[0].handoff is not below the root of the work tree" },
  },
  { name: "broken YAML", text: "tasks: [", fault: { task: null } },
  { name: "a glob without quotes", text: "tasks:\n  - {id: a, prompt: b, files: [**/*.ts]}", fault: { task: null } },
])("$name is a fault with a fix", async ({ text, fault }) => {
  const { plan, faults } = await readPlan(text);
  expect(plan).toBeNull();
  expect(faults[0]).toMatchObject(fault);
  expect(faults[0]?.fix).toMatch(/\w/);
});
