import { test } from "vitest";
import { expectCompleted, type Honest } from "../../support/samples/honest-work.ts";
import { inMatrix } from "../../support/suite.ts";
import { testUnderLoad } from "../../support/trials.ts";

const FILES = {
  "package.json":
    '{"name":"root","type":"module","workspaces":["packages/*"],"scripts":{"test":"node --test test/"}}\n',
  "packages/api/package.json": '{"name":"@x/api","version":"1.0.0"}\n',
  "packages/web/package.json": '{"name":"@x/web","version":"1.0.0"}\n',
  "lib/args/kinds.js": "export const KINDS = new Set(['hex']);\n",
  "lib/old.js": "export const old = () => 1;\n",
  "src/win.js": "export function a() {\r\n  return 1;\r\n}\r\n\r\nexport function b() {\r\n  return 2;\r\n}\r\n",
  ".gitattributes": "* text=auto\n*.js text eol=crlf\n",
  "test/kinds.test.js":
    "import { test } from 'node:test';\nimport assert from 'node:assert';\nimport { KINDS } from '../lib/args/kinds.js';\ntest('hex', () => assert.ok(KINDS.has('hex')));\n",
  "test/old.test.js":
    "import { test } from 'node:test';\nimport { old } from '../lib/old.js';\ntest('old', () => old());\n",
};

const WORKS: readonly Honest[] = [
  {
    name: "dead code goes with its test",
    files: ["lib/old.js", "test/old.test.js"],
    validation: ["npm test"],
    task: "Delete `lib/old.js`, which nothing requires, with its test `test/old.test.js`.",
    work: "rm lib/old.js test/old.test.js",
  },
  {
    name: "a folder gets another name, and an interface goes with it",
    files: ["lib/", "test/"],
    validation: ["npm test"],
    interfaces: ["lib/args/kinds.js#KINDS", "lib/args/kinds.js: export const KINDS"],
    task: "Rename the folder lib/args/ to lib/options/ and fix the imports, in `lib/**` and `test/kinds.test.js`.",
    work: "mv lib/args lib/options; sed -i 's#/args/#/options/#' test/kinds.test.js; echo \"test('more', () => {});\" >> test/kinds.test.js",
  },
  {
    name: "a package depends on another one of the workspace, by version",
    files: ["packages/web/package.json"],
    validation: ["node -p 'require(\"./packages/web/package.json\")'"],
    task: "In `packages/web/package.json` depend on `@x/api`.",
    work: `sed -i 's/"1.0.0"/"1.0.0","dependencies":{"@x\\/api":"^1.0.0"}/' packages/web/package.json`,
  },
  {
    name: "a line of a file with carriage returns",
    files: ["src/win.js:1-3"],
    validation: ["node --check src/win.js"],
    interfaces: ["src/win.js#a", "src/win.js: export function b() {"],
    task: "In `src/win.js` return 3 from a.",
    work: "sed -i 's/return 1;/return 3;/' src/win.js",
  },
  {
    name: "the same file comes back without carriage returns, which git does not see",
    files: ["src/win.js:1-3"],
    validation: ["node --check src/win.js"],
    task: "In `src/win.js` return 3 from a.",
    work: "sed -i 's/\\r//; s/return 1;/return 3;/' src/win.js",
  },
];

/** Work on tests that leaves as much tested as before, and what goes with it. */
const ON_TESTS: readonly Honest[] = [
  {
    name: "a test file moves",
    work: "mkdir test/unit; sed 's#../lib#../../lib#' test/kinds.test.js > test/unit/kinds.test.js; rm test/kinds.test.js",
  },
  { name: "a title is corrected", work: `sed -i "s/test('hex'/test('knows hex'/" test/kinds.test.js` },
  { name: "a title goes into a template literal", work: "sed -i \"s/test('hex'/test(\\`hex\\`/\" test/kinds.test.js" },
  {
    name: "a test becomes a row of a table",
    work: `sed -i "s/^test('hex'.*/for (const kind of ['hex']) test(kind, () => assert.ok(KINDS.has(kind)));/" test/kinds.test.js`,
  },
  {
    name: "a test goes into a group",
    work: `sed -i "s/{ test }/{ describe, test }/; s/^test('hex'.*/describe('kinds', () => { test('hex', () => assert.ok(KINDS.has('hex'))); });/" test/kinds.test.js`,
  },
  {
    name: "a new test is left out on one platform",
    work: `echo "test('posix', { skip: process.platform === 'win32' }, () => assert.ok(true));" >> test/kinds.test.js`,
  },
  { name: "a test is planned", work: `echo "test.todo('base64');" >> test/kinds.test.js` },
  {
    name: "a formatter is among the commands",
    validation: ["sed -i 's/ *$//' test/kinds.test.js", "npm test"],
    work: `echo "test('more', () => assert.ok(true));   " >> test/kinds.test.js`,
  },
].map((work) => ({
  files: ["test/**"],
  validation: ["npm test"],
  task: "Put the tests of `test/kinds.test.js` in order, and move them where they belong.",
  ...work,
}));

inMatrix(() => {
  test("honest work on real files is completed", () => expectCompleted(FILES, WORKS));
});

testUnderLoad("honest work on tests is completed", () => expectCompleted(FILES, ON_TESTS));
