import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { git } from "../../support/git/git.ts";
import { document, found, handoff, plan } from "../../support/handoffs.ts";
import { run, say } from "../../support/model/replies.ts";
import { testUnderLoad } from "../../support/trials.ts";
import { createWorld, type World } from "../../support/world.ts";

const FILES = {
  "package.json": JSON.stringify({ name: "x", scripts: { test: "node --test tests/" } }),
  "src/price.js": "exports.add = (a, b) => a + b;\n",
  "tests/z.test.js": `const { test } = require("node:test");
const assert = require("node:assert");
test("mul", () => assert.equal(require("../src/price.js").mul(2, 3), 6));
`,
};
const WORK = "echo 'exports.mul = (a, b) => a * b;' >> src/price.js";
const USUAL = { files: ["src/**", "tests/**", "package.json"], validation: ["npm test"] };

/** A world in which these commands are done, one in each run. */
async function shop(...commands: readonly string[]): Promise<World> {
  const script = commands.flatMap((command) => [run(command), say("It is done.\n\nDONE")]);
  const world = await createWorld({ files: FILES, script });
  await plan(world, USUAL);
  return world;
}

async function judged(world: World) {
  const ended = await handoff(world, ["run", "CODEX-PRICE.md", "--verify-rounds", "0"]);
  await git(world.workspace, "checkout", "--quiet", "--force", ".");
  await git(world.workspace, "clean", "--quiet", "-fd");
  return ended;
}

/** Each makes `npm test` succeed, and the work is not done. */
const DEFEATS: Readonly<Record<string, string>> = {
  "a weakened assertion": "sed -i 's/assert.equal(require.*$/assert.ok(true));/' tests/z.test.js",
  "an emptied body": `sed -i 's/^test("mul".*/test("mul", () => {});/' tests/z.test.js`,
  "an early return": `sed -i 's/^test("mul", () => .*/test("mul", () => { return; });/' tests/z.test.js`,
  "an exit on top": "sed -i '1i process.exit(0);' tests/z.test.js",
  "a test that replaces what it tests": "sed -i '1i require(\"../src/price.js\").mul = () => 6;' tests/z.test.js",
  "a script that does nothing": "sed -i 's/node --test tests./true/' package.json",
};

/** Each makes `npm test` succeed without the work; each is found. */
async function expectFound(defeats: Readonly<Record<string, string>>): Promise<void> {
  await using world = await shop(...Object.values(defeats).map((command) => `${command}; echo // >> src/price.js`));
  for (const name of Object.keys(defeats)) {
    const ended = await judged(world);
    const rule = name === "a script that does nothing" ? "validation_changed" : "former_tests";
    expect({ name, code: ended.code, found: found(ended).map((one) => one.split(" ")[0]) }).toEqual({
      name,
      code: 1,
      found: [rule],
    });
  }
  expect((await git(world.workspace, "worktree", "list")).split("\n")).toHaveLength(1);
  expect(await readdir(join(world.workspace, ".git"))).not.toContain("index.lock");
}

test("the former tests find a defeated test, and nothing of them is left", async () => {
  const { "a weakened assertion": weakened = "", "a script that does nothing": script = "" } = DEFEATS;
  await expectFound({ "a weakened assertion": weakened, "a script that does nothing": script });
});

testUnderLoad("the former tests find every way to defeat a test", { timeout: 300_000 }, () => expectFound(DEFEATS));

test("honest work passes: tests are added, a manifest is changed, a test is rewritten as the task says", async () => {
  const added = `echo 'test("mul 2", () => assert.equal(require("../src/price.js").mul(1, 1), 1));' >> tests/z.test.js`;
  await using world = await shop(
    `${WORK}; ${added}`,
    `${WORK}; sed -i 's/"name":"x"/"name":"y"/' package.json`,
    "sed -i 's/mul(2, 3), 6/add(2, 3), 5/' tests/z.test.js",
    "git mv -f src/price.js src/cash.js 2>/dev/null || mv src/price.js src/cash.js; echo 'exports.mul = (a, b) => a * b;' >> src/cash.js; sed -i s/price.js/cash.js/ tests/z.test.js",
    "echo 'exports.mul = (a, b) => a - b;' >> src/price.js; sed -i 's/mul(2, 3), 6/mul(2, 3), -1/' tests/z.test.js",
  );
  expect(await judged(world)).toMatchObject({ code: 0, result: { status: "completed", findings: [] } });
  const manifest = await judged(world);
  expect(manifest).toMatchObject({ code: 0, result: { status: "completed", findings: [] } });
  expect(manifest.result.notes).not.toContain("package.json");
  const task = "1. Keep src/price.js as it is, and rewrite tests/z.test.js so that it tests add.";
  await writeFile(join(world.workspace, "CODEX-PRICE.md"), document(USUAL).replace(/^1\. .*$/m, task));
  const rewritten = await judged(world);
  expect(rewritten).toMatchObject({ code: 0, result: { status: "completed", findings: [] } });
  expect(rewritten.result.notes).toContain("did not judge as they were before: tests/z.test.js");
  const task2 = '1. Let src/price.js have mul, and change the expected value in the test "mul".';
  await writeFile(join(world.workspace, "CODEX-PRICE.md"), document(USUAL));
  expect(await judged(world)).toMatchObject({ code: 0, result: { status: "completed", findings: [] } });
  await writeFile(join(world.workspace, "CODEX-PRICE.md"), document(USUAL).replace(/^1\. .*$/m, task2));
  const named = await judged(world);
  expect(named).toMatchObject({ code: 0, result: { status: "completed", findings: [] } });
  expect(named.result.notes).toContain('tests/z.test.js "mul"');
});

test("programs and scripts that validation commands start are what they were", async () => {
  const script = [
    "printf '#!/bin/sh\\nexit 0\\n' > node_modules/.bin/mytest; echo // >> src/price.js",
    "printf '#!/bin/sh\\nexit 0\\n' > check.sh; echo // >> src/price.js",
  ].flatMap((command) => [run(command), say("DONE")]);
  const files = { ...FILES, ".gitignore": "node_modules/\n", "check.sh": "#!/bin/sh\nexec node --test tests/\n" };
  await using world = await createWorld({ files, script });
  await mkdir(join(world.workspace, "node_modules/.bin"), { recursive: true });
  const runner = join(world.workspace, "node_modules/.bin/mytest");
  await writeFile(runner, "#!/bin/sh\nexec node --test tests/\n", { mode: 0o755 });
  await plan(world, { ...USUAL, files: ["src/**", "check.sh"], validation: ["node_modules/.bin/mytest"] });
  const exchanged = await handoff(world, ["run", "CODEX-PRICE.md", "--verify-rounds", "0"]);
  expect(found(exchanged)).toEqual(["validation_changed node_modules/.bin/mytest"]);
  expect(exchanged).toMatchObject({ code: 5, result: { status: "violated" } });
  await git(world.workspace, "checkout", "--quiet", "--force", ".");
  await plan(world, { ...USUAL, files: ["src/**", "check.sh"], validation: ["sh ./check.sh"] });
  const emptied = await handoff(world, ["run", "CODEX-PRICE.md", "--verify-rounds", "0"]);
  expect(found(emptied)).toEqual(["validation_changed check.sh"]);
  expect(emptied).toMatchObject({ code: 1, result: { status: "failed" } });
});
