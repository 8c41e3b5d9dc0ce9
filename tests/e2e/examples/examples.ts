import { ask, calls, escalate, type Reply, run, say } from "../../support/model/replies.ts";
import type { InputItem, ModelRequest } from "../../support/model/server.ts";

/** What the examples take for granted: the files that they name, and the npm scripts that they run. */
export const files: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({
    name: "example",
    version: "1.0.0",
    scripts: { test: "true", build: "true", typecheck: "true" },
  }),
  "package-lock.json": JSON.stringify({
    name: "example",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: { "": { name: "example", version: "1.0.0" } },
  }),
  "CHANGELOG.md": "# Changes\n",
  "tsconfig.json": "{}\n",
  "task.md": "Say what src/parse.ts does.\n",
  "plan.yaml": "tasks:\n  - id: parser\n    prompt: Say what src/parse.ts does.\n",
  "src/parse.ts": "export const parse = (text: string) => text.split('\\n');\n",
  "src/http/rate-limit.ts": "export const limit = 1;\n",
  "verdict.schema.json": JSON.stringify({
    type: "object",
    additionalProperties: false,
    required: ["verdict", "findings"],
    properties: { verdict: { type: "string" }, findings: { type: "array", items: { type: "string" } } },
  }),
};

interface Scene {
  /** Words of the task that it is about. */
  readonly on: string;
  /** One for each request of the turn; afterwards the turn ends with an answer. */
  readonly replies: readonly Reply[];
}

// No executor does a task of this type: its commands are run.
function validate(path: string): Reply {
  const task = { task_id: "tests", type: "validation", scope: { files: [path] }, validation: ["npm test"] };
  const tasks = [{ ...task, requirements: [`Run the tests of \`${path}\``] }];
  return calls({ name: "delegate_tasks", args: { tasks } });
}

// Where an example goes on with something, somebody has to have done it: asked, wanted more, changed a file.
const SCENES: readonly Scene[] = [
  {
    on: "Two of the new tests pass without your change",
    replies: [
      ask({
        id: "database",
        header: "Database",
        question: "Which one do the tests run on?",
        options: [
          { label: "PostgreSQL", description: "as in production" },
          { label: "SQLite", description: "in memory" },
        ],
      }),
    ],
  },
  {
    on: "Update the dependencies, and say what each update changes.",
    replies: [escalate("true", "the first update"), escalate("true", "the second update")],
  },
  { on: "Try the same with a table-driven lexer.", replies: [run("echo table > src/lexer-table.ts")] },
  {
    on: "In src/http/rate-limit.ts count requests by client",
    replies: [
      run(
        "echo 'export const clients = new Map();' >> src/http/rate-limit.ts",
        "echo test > src/http/rate-limit.test.ts",
      ),
      say("Each client has a limit of its own.\n\nDONE"),
    ],
  },
  {
    on: "In src/http/window.ts export the length of the window",
    replies: [run("echo 'export const WINDOW_MS = 1000;' > src/http/window.ts"), say("It is exported.\n\nDONE")],
  },
  { on: "What came before.", replies: [run("echo before > src/before.ts")] },
  { on: "Goal: the package is an ES module", replies: [validate("package.json")] },
  { on: "Add thumbnails to the preview worker", replies: [validate("src/parse.ts")] },
  { on: "The worker leaks memory", replies: [validate("src/worker/pool.ts")] },
  { on: "Move from CommonJS to ES modules", replies: [validate("package.json")] },
];

/** A model that does what the examples need, and otherwise answers at once. */
export function answer({ body }: ModelRequest): Reply {
  if (body.text?.format) return say('{"verdict":"approve","findings":[]}');
  const last = body.input.findLastIndex(({ role }) => role === "user");
  const task = textOf(body.input[last]);
  const done = body.input.slice(last).filter(({ type }) => type === "function_call_output").length;
  const scene = SCENES.find(({ on }) => task.includes(on));
  return scene?.replies[done] ?? say("It is done, and the report says what was found.\n\nDONE");
}

function textOf(item: InputItem | undefined): string {
  return item?.content?.map(({ text = "" }) => text).join("\n") ?? "";
}
