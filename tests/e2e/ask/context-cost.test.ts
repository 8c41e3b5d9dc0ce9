import { expect, test } from "vitest";
import { type Asked, ask } from "../../support/ask.ts";
import { run, say } from "../../support/model/replies.ts";
import { createWorld } from "../../support/world.ts";

// What Claude reads of a small delegation, in tokens of 3.6 characters. No report must be read besides.
const BUDGET = 350;
const CHARACTERS = 3.6;

const cost = ({ stdout, stderr }: Asked) => Math.ceil([...(stdout + stderr)].length / CHARACTERS);

const ANSWER = `parse() now keeps the last line of a file without a newline at its end.

- src/parse.ts: the loop ended at the last newline instead of the end of the text; it now also takes what is left.
- test/parse.test.ts: a new test that fails without the change.

Verification: \`npm test\` ran 14 tests, all passed.`;

test(`a small delegation with a check costs at most ${BUDGET} tokens, answer and changed files included`, async () => {
  const edit = run("mkdir -p src test; echo fixed > src/parse.ts; echo new > test/parse.test.ts", "npm test");
  await using world = await createWorld({
    script: [edit, say(ANSWER), edit, say(ANSWER)],
    files: { "package.json": JSON.stringify({ scripts: { test: "echo passed" } }) },
  });
  const first = await ask(world, ["--name", "parser", "--verify-cmd", "npm test", "Keep the last line."]);
  expect(first).toMatchObject({ code: 0, keys: { checks: "1/1", files_changed: "2" } });
  expect(first.stdout).toContain(`\n${ANSWER.replaceAll(/^/gm, "| ")}\n`);
  expect(first.stderr).toContain("changed: src/parse.ts");
  expect(cost(first)).toBeLessThanOrEqual(BUDGET);
  expect(cost(await ask(world, ["--session", "@parser", "Once more."]))).toBeLessThanOrEqual(BUDGET);
});
