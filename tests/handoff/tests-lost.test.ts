import { expect, test } from "vitest";
import type { ChangedFile } from "../../src/handoff/facts.ts";
import { deletedTests, skippedTests } from "../../src/handoff/tests-lost.ts";

test.each([
  ["a.test.ts", 'it("one", () => {});\nit.each([1])("two %s", () => {});', 'it("one", () => {});', ["two %s"]],
  ["a.test.ts", "describe('group', () => { test(`it's\nfine`, f) })", "describe('group', () => {})", ["it's fine"]],
  ["a.test.ts", 'it("one", () => {});', 'test("one", async () => {});', []],
  ["a.test.ts", 'it("same", f);\nit("same", g);', 'it("same", f);', ["same"]],
  ["a.test.ts", 'it("one", f)', 'it.skip("one", f)', []],
  ["a.test.ts", 'await submit("form"); unit("x"); it("one", f)', 'it("one", f)', []],
  ["a.test.ts", 'test.each`a|b`("table $a", f)', "", ["table $a"]],
  [
    "test_a.py",
    "def test_a():\n  pass\nclass TestB:\n  async def test_c(self): pass\n",
    "class TestB: pass\n",
    ["test_a", "test_c"],
  ],
  [
    "a_test.go",
    'func TestA(t *testing.T) { t.Run("case one", f) }\nfunc BenchmarkB(b *testing.B) {}',
    "func TestA(t *testing.T) {}",
    ["BenchmarkB", "case one"],
  ],
  [
    "src/lib.rs",
    "#[test]\nfn one() {}\n#[tokio::test]\nasync fn two() {}\n#[test]\n#[should_panic]\nfn three() {}",
    "#[test]\nfn one() {}",
    ["three", "two"],
  ],
  [
    "src/test/ATest.java",
    '@Test\n@DisplayName("x")\nvoid one() {}\n@ParameterizedTest(name = "a")\n@ValueSource(ints = 1)\npublic void two(int a) {}',
    "",
    ["one", "two"],
  ],
  [
    "tests/ATest.cs",
    "[Fact]\npublic async Task One() {}\n[Theory]\n[InlineData(1)]\npublic void Two(int a) {}",
    "",
    ["One", "Two"],
  ],
  ["spec/a_spec.rb", 'describe "A" do\n  it "works" do\n  end\nend\n', 'describe "A" do\nend\n', ["works"]],
  [
    "tests/ATest.php",
    "public function testOne(): void {}\n#[Test]\npublic function two(): void {}",
    "",
    ["testOne", "two"],
  ],
  ["tests/notes.txt", 'it("one", f)', "", []],
  ["src/a.ts", 'it("one", f)', "", []],
])("%s: from %j to %j these are gone: %j", (path, before, after, names) => {
  const lost = deletedTests([changed(path, before, after)]);
  expect(lost.map(({ name }) => name).sort()).toEqual(names);
});

test.each([
  ["a.test.ts", 'it("one", f)', 'it.skip("one", f)', ['it.skip("one"']],
  ["a.test.ts", 'it("one", f)', 'it.only("one", f)', ['it.only("one"']],
  ["a.test.ts", 'describe("one", f)', 'xdescribe("one", f)', ['xdescribe("one"']],
  ["a.test.ts", "", 'it.todo("later")', ['it.todo("later"']],
  ["a.test.ts", 'it.skip("one", f)', 'it.skip("one", f)\nit("two", f)', []],
  ["a.test.ts", "", 'test.runIf(linux)("one", f)', ["test.runIf("]],
  ["a.test.ts", "", 'list.skip(1); fit(width, 2); exit("a"); profit("x")', []],
  [
    "test_a.py",
    "def test_a(): pass\n",
    "@pytest.mark.skip(reason='x')\ndef test_a(): pass\n",
    ["pytest.mark.skip(reason='x') def test_a"],
  ],
  ["test_a.py", "def test_a(): pass\n", "@pytest.mark.xfail\ndef test_a(): pass\n", ["pytest.mark.xfail def test_a"]],
  [
    "test_a.py",
    "def test_a(): pass\n",
    "@unittest.skip('x')\ndef test_a(): pass\n",
    ["@unittest.skip('x') def test_a"],
  ],
  ["test_a.py", "def test_a(): pass\n", "def test_a():\n  pytest.skip('x')\n", ["pytest.skip('x')"]],
  ["a_test.go", "func TestA(t *testing.T) {}", 'func TestA(t *testing.T) {\n\tt.Skip("x")\n}', ['t.Skip("x")']],
  ["src/lib.rs", "#[test]\nfn one() {}", "#[test]\n#[ignore]\nfn one() {}", ["#[ignore] fn one"]],
  [
    "src/test/ATest.java",
    "@Test\nvoid one() {}",
    '@Disabled("x")\n@Test\nvoid one() {}',
    ['@Disabled("x") @Test void one('],
  ],
  [
    "src/test/ATest.java",
    "@Test\nvoid one() {}",
    "@Ignore\n@Test\npublic void one() {}",
    ["@Ignore @Test public void one("],
  ],
  [
    "tests/ATest.cs",
    "[Fact]\npublic void One() {}",
    '[Fact(Skip = "x")]\npublic void One() {}',
    ['[Fact(Skip = "x")] public void One('],
  ],
  ["spec/a_spec.rb", 'it "works" do\nend\n', 'xit "works" do\nend\n', ['xit "works"']],
  [
    "tests/ATest.php",
    "function testOne() {}",
    "function testOne() { $this->markTestSkipped('x'); }",
    ["markTestSkipped('x'); }"],
  ],
])("%s: from %j to %j these leave tests out: %j", (path, before, after, names) => {
  expect(skippedTests([changed(path, before, after)]).map(({ name }) => name)).toEqual(names);
});

test("a skipped test is told with its line, and one that is skipped already may move", () => {
  const before = 'it.skip("old", f);\nit("one", f);\n';
  const after = 'it("one", f);\n\n  it.skip("two", f);\nit.skip("old", f);\n';
  expect(skippedTests([changed("a.test.ts", before, after)])).toEqual([
    { path: "a.test.ts", name: 'it.skip("two"', line: 3 },
  ]);
});

test("a test file that is gone is told as a whole, and so is one that is a test no longer", () => {
  const files: ChangedFile[] = [
    { ...changed("a.test.ts", 'it("one", f)', null), kind: "deleted" },
    { ...changed("src/b.ts", 'it("two", f)', 'it("two", f)'), kind: "renamed", from: "b.test.ts" },
    { ...changed("c.test.ts", 'it("three", f)', 'it("three", f)'), kind: "renamed", from: "old/c.test.ts" },
  ];
  expect(
    deletedTests(files)
      .filter(({ name }) => name === null)
      .map(({ path }) => path),
  ).toEqual(["a.test.ts", "b.test.ts"]);
});

test("a test that moved to another file is not gone", () => {
  const files = [
    changed("a.test.ts", 'it("one", f);\nit("two", f);\nit("three", f);', 'it("one", f);'),
    { ...changed("b.test.ts", null, 'it("two", f);'), kind: "added" as const },
  ];
  expect(deletedTests(files).map(({ name }) => name)).toEqual(["three"]);
});

function changed(path: string, before: string | null, after: string | null): ChangedFile {
  return { path, kind: "changed", added: 1, removed: 1, before, after, ignored: false, hunks: [] };
}
