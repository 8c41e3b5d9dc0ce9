import { expect, test } from "vitest";
import type { ChangedFile } from "../../../src/handoff/facts/facts.ts";
import { testsLost } from "../../../src/handoff/judge/tests-lost.ts";

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
  ["a.test.ts", 'it("one", f);\ntest("two", f);', 'it("one", f);\n// test("two", f);', ["two"]],
  ["a.test.ts", 'it("one", f);\ntest("two", f);', 'it("one", f);\n/* test("two", f); */', ["two"]],
  ["a.test.ts", 'it("one", f);\ntest("two", f);', 'it("one", f);\nrun("test(\\"two\\", f)");', ["two"]],
  ["a.test.ts", 'test("it\'s \\"one\\"", f)', "test('it\\'s \"one\"', f)", []],
  ["a.test.ts", 'describe("old", () => { test("one", f); });', 'test("one", f);', []],
  ["a.test.ts", 'test("one", f)', 'test.todo("one")', ["one"]],
  ["a.test.ts", 'test("one", f)', 'test("one", { todo: true }, f)', ["one"]],
  ["a.test.ts", 'test.todo("one")', "", []],
  ["a.test.ts", 'test.each([[")", 1]]).concurrent("one %s", f); test("two", f)', 'test("two", f)', ["one %s"]],
  [
    "test_a.py",
    "def test_a(): pass\ndef test_b(): pass\n",
    "def test_a(): pass\n'''\ndef test_b(): pass\n'''\n",
    ["test_b"],
  ],
  ["test_a.py", "class TestA:\n  def test_b(self): pass\n", "def test_b(): pass\n", []],
  ["test_a.py", "class TestA(Suite):\n    pass\n", "", ["TestA"]],
  ["spec/a_spec.rb", 'it "one" do\nend\n', '=begin\nit "one" do\nend\n=end\n', ["one"]],
  ["spec/a_spec.rb", 'it "one" do\nend\n', "xit 'one' do\nend\n", []],
  ["tests/ATest.php", "/**\n * @test\n */\npublic function one() {}", "public function one() {}", ["one"]],
  ["tests/a.php", "it('one', fn() => 1);", "it('one', fn() => 1)->todo();", ["one"]],
  ["src/a.kt", "@Test fun one() {}", "", []],
  ["src/test/ATest.kt", "@Test fun `it's one`() { `no test`() }", "class A { fun two() {} }", ["`it's one`"]],
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
  ["a.test.ts", "", 'it.todo("later")', []],
  ["a.test.ts", 'it.skip("one", f)', 'it.skip("one", f)\nit("two", f)', []],
  ["a.test.ts", "", 'test.runIf(linux)("one", f)', []],
  ["a.test.ts", "", 'list.skip(1); fit(width, 2); exit("a"); profit("x")', []],
  ["a.test.ts", "", "// never use test.skip( here\n/* it.only('one') */", []],
  ["a.test.ts", "", 'lint("test.skip(\\"y\\", () => {})"); lint(`it.only("x")`)', []],
  ["a.test.ts", "", "context.stream.skip(2); t.skip(2); context.skip(2); ctx.only('a')", []],
  ["a.test.ts", 'test.skip("it\'s", () => {});', "test.skip(\n  'it\\'s',\n  () => {},\n);", []],
  ["a.test.ts", 'xit("one", f)', 'it.skip("one", f)', []],
  ["a.test.ts", 'it.skip("one", f)', 'it.only("one", f)', ['it.only("one"']],
  ["a.test.ts", 'it("one", f)', 'it.concurrent.skip.each(a)("one", f)', ['it.concurrent.skip.each(a)("one"']],
  ["a.test.ts", 'describe("one", f)', 'test.describe.serial.only("one", f)', ['test.describe.serial.only("one"']],
  ["a.test.ts", 'it("one", (t) => { go(); })', 'it("one", (t) => { t.skip("why"); go(); })', ['t.skip("why"']],
  ["a.test.ts", 'it("one", (t) => { t.skip("why"); })', "it('one', (t) => { t.skip('because'); })", []],
  ["a.test.ts", 'it("one", f)', 'it("one", { timeout: 5, skip: true }, f)', ['it("one"']],
  ["a.test.ts", 'it("one", f)', 'it("one", { only: true }, f)', ['it("one"']],
  ["a.test.ts", 'it("one", f)', 'it("one", { skip: false, timeout: 5 }, f)', []],
  ["a.test.ts", 'it("one", f)', 'if (false) it("one", f)', ['if (false) it("one"']],
  ["a.test.ts", 'it("one", f)', 'if (false) {\n  it("one", f)\n}\nit("two", f)', ['if (false) it("one"']],
  ["a.test.ts", 'it("one", f)', 'if (false) log("x");\nit("one", f)', []],
  ["a.test.ts", 'it("one", f)', 'false && it("one", f)', ['if (false) it("one"']],
  [
    "test_a.py",
    "def test_a(): pass\n",
    "@pytest.mark.skip(reason='x')\ndef test_a(): pass\n",
    ["@pytest.mark.skip(reason='x') def test_a"],
  ],
  ["test_a.py", "def test_a(): pass\n", "@pytest.mark.xfail\ndef test_a(): pass\n", ["@pytest.mark.xfail def test_a"]],
  [
    "test_a.py",
    "def test_a(): pass\n",
    "@unittest.skip('x')\ndef test_a(): pass\n",
    ["@unittest.skip('x') def test_a"],
  ],
  ["test_a.py", "def test_a(): pass\n", "def test_a():\n  pytest.skip('x')\n", ["pytest.skip('x')"]],
  [
    "test_a.py",
    "@pytest.mark.skip(reason='old')\ndef test_a(): pass\n",
    '@pytest.mark.skip(\n  reason="new",\n)\n@pytest.mark.slow\ndef test_a(): pass\n',
    [],
  ],
  ["test_a.py", "", "pytestmark = pytest.mark.skip('x')\n", ["mark.skip('x')"]],
  ["test_a.py", "def test_a(): pass\n", '"""@pytest.mark.skip"""\n# pytest.skip()\ndef test_a(): pass\n', []],
  ["a_test.go", "func TestA(t *testing.T) {}", "func TestA(t *testing.T) { r.Skip(4) }", []],
  ["a_test.go", "func TestA(t *testing.T) {}", "func TestA(t *testing.T) { s.T().SkipNow() }", ["T().SkipNow() }"]],
  [
    "src/lib.rs",
    "#[test]\nfn one() {}",
    "#[test]\n#[cfg_attr(any(), ignore)]\nfn one() {}",
    ["#[cfg_attr(any(), ignore)] fn one"],
  ],
  ["src/lib.rs", "#[ignore]\n#[test]\nfn one() {}", '#[test]\n#[ignore = "slow"]\nfn one() {}', []],
  ["tests/a.php", "it('one', f);", "it('one', fn() => User::query()->skip(2)->get());", []],
  ["tests/a.php", "it('one', fn() => f());", "it('one', fn() => f())->skip('why');", [")->skip('why');"]],
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

test("a skipped test that moved to another file is not skipped anew, and only once", () => {
  const files = [
    changed("a.test.ts", 'it.skip("one", f);', ""),
    changed("b.test.ts", "", 'it.skip("one", f);'),
    changed("c.test.ts", "", 'it.skip("one", f);'),
  ];
  expect(skippedTests(files).map(({ path }) => path)).toEqual(["c.test.ts"]);
});

test("a test file may go when all its cases arrive elsewhere; else it is told which did not", () => {
  const gone = { ...changed("b.test.ts", 'it("two", f);\nit("three", f);', null), kind: "deleted" as const };
  const merged = (after: string) => deletedTests([changed("a.test.ts", 'it("one", f);', after), gone]);
  expect(merged('it("one", f);\nit("two", f);\nit("three", f);')).toEqual([]);
  expect(merged('it("one", f);\nit("two", f);')).toEqual([{ path: "b.test.ts", name: "three", line: null }]);
  expect(merged('it("one", f);')).toEqual([{ path: "b.test.ts", name: null, line: null }]);
});

test("a case that arrived once stands for one that is gone, not for two", () => {
  const files = [
    changed("a.test.ts", 'it("one", f);', ""),
    changed("b.test.ts", 'it("one", f);', ""),
    changed("c.test.ts", "", 'it("one", f);'),
  ];
  expect(deletedTests(files).map(({ path }) => path)).toEqual(["b.test.ts"]);
});

test("a test file that was rewritten under another name has not gone as long as its cases are there", () => {
  const files: ChangedFile[] = [
    { ...changed("test/old.test.js", 'test("one", () => {});', null), kind: "deleted" },
    { ...changed("test/new.test.js", null, 'import x from "y";\n\ntest(`one`, async () => x());'), kind: "added" },
  ];
  expect(deletedTests(files)).toEqual([]);
});

test.each([
  ["test/README.md", false],
  ["test/fixture.json", false],
  ["tests/helper.rb", true],
  ["tests/run.sh", true],
  ["src/b.ts", false],
])("%s without cases is a test that is gone: %s", (path, counts) => {
  const files: ChangedFile[] = [{ ...changed(path, "x", null), kind: "deleted" }];
  expect(deletedTests(files).length > 0).toBe(counts);
});

test("unit tests that Rust has beside the code are gone with their file", () => {
  const files: ChangedFile[] = [{ ...changed("src/a.rs", "#[test]\nfn one() {}", null), kind: "deleted" }];
  expect(deletedTests(files)).toEqual([{ path: "src/a.rs", name: null, line: null }]);
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

function deletedTests(files: readonly ChangedFile[]) {
  return testsLost(files).deleted;
}

function skippedTests(files: readonly ChangedFile[]) {
  return testsLost(files).skipped;
}
