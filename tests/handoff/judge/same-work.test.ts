import { describe, expect, test } from "vitest";
import { testsLost } from "../../../src/handoff/judge/tests-lost.ts";
import { changed } from "../../support/samples/handoff.ts";

const SUGGEST = `import { test } from "node:test";
test("suggests the nearest", () => assert.match(suggestSimilar("stert", ["start"]), /start/));
test("says nothing of far ones", () => assert.equal(suggestSimilar("x", ["start"]), ""));
`;
const CART = `def test_empty():
    assert Cart().total() == 0


def test_one():
    c = Cart()
    c.add("a", 2)
    assert c.total() == 2


def test_two():
    c = Cart()
    c.add("a", 2, count=2)
    assert c.total() == 4
`;
const GO = `package cart

func TestOne(t *testing.T) {
	c := New()
	c.Add("pear", 2)
	if c.Total() != 2 {
		t.Fatal("total")
	}
}

func TestTwo(t *testing.T) {
	c := New()
	c.Add("apple", 3)
	if c.Total() != 3 {
		t.Fatal("total")
	}
}
`;
const JAVA = `class CartTest {
  @Test void one() { assertEquals(2, new Cart().add("pear", 2).total()); }
  @Test void two() { assertEquals(7, new Cart().add("apple", 7).total()); }
}
`;

function lostIn(path: string, before: string, after: string): readonly (string | null)[] {
  return testsLost([changed(path, { before, after })]).deleted.map(({ name }) => name);
}

describe("a test is not gone that", () => {
  test.each<[string, string, string, string]>([
    ["has another title", "a.test.js", SUGGEST, SUGGEST.replace("the nearest", "the nearest command")],
    ["has another name", "test_cart.py", CART, CART.replace("test_two", "test_twice")],
    [
      "became a row in a loop",
      "a.test.js",
      SUGGEST,
      `for (const [title, word, want] of [["suggests the nearest", "stert", /start/], ["says nothing of far ones", "x", /^$/]])
  test(title, () => assert.match(suggestSimilar(word, ["start"]), want));\n`,
    ],
    [
      "became a row of each",
      "a.test.ts",
      SUGGEST,
      `test.each<[string, RegExp]>([["stert", /start/], ["x", /^$/]])("of %s it suggests %s", (word, want) => {
  assert.match(suggestSimilar(word, ["start"]), want);\n});\n`,
    ],
    [
      "became a parameter",
      "test_cart.py",
      CART,
      `${CART.slice(0, CART.indexOf("def test_one"))}@pytest.mark.parametrize("count,want", [(1, 2), (2, 4)])
def test_counts(count, want):
    c = Cart()
    c.add("a", 2, count=count)
    assert c.total() == want
`,
    ],
    [
      "was taken into another one as a parameter",
      "test_cart.py",
      CART,
      `${CART.slice(0, CART.indexOf("def test_one"))}@pytest.mark.parametrize("count,want", [(1, 2), (2, 4)])
def test_one(count, want):
    c = Cart()
    c.add("a", 2, count=count)
    assert c.total() == want
`,
    ],
    [
      "became a row of a table in Go",
      "cart_test.go",
      GO,
      `package cart

func TestTotal(t *testing.T) {
	for _, c := range []struct{ name string; price int }{{"pear", 2}, {"apple", 3}} {
		t.Run(c.name, func(t *testing.T) {
			cart := New()
			cart.Add(c.name, c.price)
			if cart.Total() != c.price {
				t.Fatal("total")
			}
		})
	}
}
`,
    ],
    [
      "became a row of a CSV",
      "src/test/java/CartTest.java",
      JAVA,
      `class CartTest {
  @ParameterizedTest
  @CsvSource({"pear,2", "apple,7"})
  void total(String name, int price) { assertEquals(price, new Cart().add(name, price).total()); }
}
`,
    ],
    [
      "was put together with its neighbour",
      "a.test.js",
      SUGGEST,
      `test("suggests", () => {
  assert.match(suggestSimilar("stert", ["start"]), /start/);
  assert.equal(suggestSimilar("x", ["start"]), "");
});
`,
    ],
    ["did nothing and has another title", "a.test.js", 'test("a", () => {});', 'test("b", () => {});'],
  ])("%s", (_, path, before, after) => {
    expect(lostIn(path, before, after)).toEqual([]);
  });

  test("has another title in another file", () => {
    const moved = changed("unit/suggest.test.js", {
      kind: "added",
      before: null,
      after: SUGGEST.replace("the nearest", "what is near"),
    });
    const gone = changed("suggest.test.js", { kind: "deleted", before: SUGGEST, after: null });
    expect(testsLost([gone, moved]).deleted).toEqual([]);
  });
});

describe("a test is gone", () => {
  test.each<[string, string, string, string, readonly string[]]>([
    [
      "though another one is new",
      "a.test.js",
      SUGGEST,
      `${SUGGEST.split("\n").slice(0, 2).join("\n")}\ntest("has a version", () => assert.ok(program.version()));\n`,
      ["says nothing of far ones"],
    ],
    [
      "whose row is not in the table",
      "test_cart.py",
      CART,
      `def test_empty():
    assert Cart().total() == 0


@pytest.mark.parametrize("count,want", [(1, 2)])
def test_counts(count, want):
    c = Cart()
    c.add("a", 2, count=1)
    assert c.total() == want
`,
      ["test_two"],
    ],
    ["beside one that is like it and stays", "cart_test.go", GO, GO.slice(0, GO.indexOf("func TestTwo")), ["TestTwo"]],
    [
      "with a new title and nothing in it",
      "a.test.js",
      SUGGEST,
      SUGGEST.replace(/test\("says.*$/m, 'test("says nothing", () => {});'),
      ["says nothing of far ones"],
    ],
    [
      "with a new title and a trivial assertion",
      "test_cart.py",
      CART,
      CART.replace(/def test_two[\s\S]*$/, "def test_twice():\n    assert True\n"),
      ["test_two"],
    ],
    ["made in a loop", "a.test.js", `for (const name of names) test(name, () => run(name));`, "", ["name"]],
  ])("%s", (_, path, before, after, names) => {
    expect(lostIn(path, before, after)).toEqual(names);
  });
});

describe("what only some tests know how to write is a test too:", () => {
  test.each<[string, string, string, readonly string[]]>([
    [
      "each with a type",
      "a.test.ts",
      'it.each<[() => void, string]>([[f, "b"]])("one %s", f);\ntest.each<Row>`a|b`("two", f);',
      ["one %s", "two"],
    ],
    [
      "each with a type of many lines",
      "a.test.ts",
      'test.each<{\n  a: string;\n}>([{ a: "b" }])("one $a", f);',
      ["one $a"],
    ],
    [
      "a subtest of node:test",
      "a.test.js",
      'test("one", async (t) => { await t.test("two", () => {}); await ctx.test(`three`, f); });',
      ["one", "three", "two"],
    ],
    [
      "Deno.test",
      "a_test.ts",
      'Deno.test("one", f); Deno.test({ name: "two", fn() {} }); Deno.test.only("three", f);',
      ["one", "three", "two"],
    ],
    [
      "QUnit",
      "tests/unit.js",
      'QUnit.module("m", () => { QUnit.test("one", f); QUnit.only("two", f); });',
      ["one", "two"],
    ],
    ["ava", "test.js", 'test.serial("one", t => { t.is(1, 1); }); test.failing("two", f);', ["one", "two"]],
    ["Cypress", "login.cy.ts", 'context("in", () => { specify("one", f); });', ["one"]],
    [
      "a suite of testify",
      "a_test.go",
      "func (s *CartSuite) TestOne() {\n}\nfunc (suite *CartSuite) TestTwo() {\n}\nfunc (s *CartSuite) helper() {}",
      ["TestOne", "TestTwo"],
    ],
    [
      "ginkgo",
      "a_test.go",
      'var _ = Describe("Cart", func() { It("one", func() {}); ginkgo.Specify("two", f); Entry("three", 1) })',
      ["one", "three", "two"],
    ],
    [
      "JUnit 3",
      "src/test/CartTest.java",
      "class CartTest extends TestCase {\n  public void testOne() { }\n  public void testTwo() throws Exception { }\n  private void testData() {}\n}",
      ["testOne", "testTwo"],
    ],
    ["Django", "shop/tests.py", "class CartTests(TestCase):\n    def test_one(self): pass\n", ["test_one"]],
    [
      "XCTest",
      "ShopTests/CartTests.swift",
      "func testOne() { }\nfunc testTwo() async throws { }\nfunc helper() {}",
      ["testOne", "testTwo"],
    ],
    [
      "googletest",
      "tests/cart_test.cc",
      "TEST(Cart, One) { }\nTEST_F(CartTest, Two) { }\n",
      ["Cart, One", "CartTest, Two"],
    ],
    [
      "Dart",
      "test/cart_test.dart",
      "void main() {\n  test('one', () {});\n  testWidgets('two', (t) async {});\n}",
      ["one", "two"],
    ],
  ])("%s", (_, path, before, names) => {
    expect([...lostIn(path, before, "// nothing\n")].sort()).toEqual(names);
  });

  test("but not what is called like it", () => {
    const code =
      'if (/a/.test("one")) pattern.test("two"); re.test(`x`, 1); Deno.readTextFile("a"); QUnit.start("b"); t.is("c", f);';
    expect(lostIn("a.test.js", code, "")).toEqual([]);
  });
});

describe("a mark that asks for something where the tests run", () => {
  test.each<[string, string]>([
    ["a.test.js", 'test("posix only", { skip: process.platform === "win32" }, () => {});'],
    ["a.test.ts", 'test.skipIf(isWindows)("posix", f);\ndescribe.runIf(linux)("all of it", () => { it("b", f); });'],
    ["a.test.js", 'test("posix", (t) => { if (process.platform === "win32") t.skip("no"); go(); });'],
    ["a.test.js", 'test("posix", (t) => {\n  if (!hasGit()) {\n    t.skip("no git");\n    return;\n  }\n  go();\n});'],
    ["e2e/a.ts", 'test("x", async ({ browserName }) => { test.skip(browserName === "webkit", "why"); });'],
    ["test_b.py", "@pytest.mark.skipif(sys.platform == 'win32', reason='x')\ndef test_posix(): pass\n"],
    [
      "test_b.py",
      "@unittest.skipUnless(shutil.which('git'), 'no git')\nclass TestGit:\n    def test_posix(self): pass\n",
    ],
    ["test_b.py", "def test_posix():\n    if not shutil.which('git'):\n        pytest.skip('no git')\n    go()\n"],
    ["test_b.py", "np = pytest.importorskip('numpy')\n\ndef test_posix(): pass\n"],
    ["b_test.go", 'func TestLong(t *testing.T) {\n\tif testing.Short() {\n\t\tt.Skip("long")\n\t}\n}'],
    ["src/b.rs", "#[test]\n#[cfg_attr(windows, ignore)]\nfn posix() {}"],
    ["src/test/BTest.java", "@DisabledOnOs(OS.WINDOWS)\n@Test\nvoid posix() {}"],
    ["spec/b_spec.rb", 'it "posix" do\n  skip "windows" if Gem.win_platform?\nend\n'],
  ])("may stand at new tests in %s: %s", (path, after) => {
    expect(testsLost([changed(path, { kind: "added", before: null, after })]).skipped).toEqual([]);
  });

  test.each<[string, string, string]>([
    ["a.test.js", 'test("one", f);', 'test("one", { skip: process.platform !== "x" }, f);'],
    ["a.test.js", 'test("one", f);', 'describe.skipIf(process.pid)("new", () => {\n  test("one", f);\n});'],
    ["a.test.js", 'test("one", () => work(1, "pear"));', 'test.skipIf(true)("first", () => work(1, "pear"));'],
    ["a.test.js", 'test("one", () => work(1, "pear"));', 'test.skipIf(always)("first", () => work(1, "pear"));'],
    ["a.test.js", "", 'test("one", { skip: true }, f);'],
    ["a.test.js", "", 'test.only("one", f);'],
    ["test_a.py", "def test_a(): pass\n", "@pytest.mark.skipif(sys.maxsize > 1, reason='x')\ndef test_a(): pass\n"],
    ["test_a.py", "", "@pytest.mark.skipif(True, reason='x')\ndef test_a(): pass\n"],
    [
      "test_a.py",
      "def test_a(): pass\n",
      "pytestmark = pytest.mark.skipif(sys.maxsize > 1, reason='x')\n\ndef test_a(): pass\n",
    ],
    [
      "a_test.go",
      "func TestA(t *testing.T) {\n\tgo1()\n}",
      'func TestA(t *testing.T) {\n\tif true {\n\t\tt.Skip("x")\n\t}\n\tgo1()\n}',
    ],
  ])("is a violation at former tests, and without a real question, in %s: from %s to %s", (path, before, after) => {
    expect(testsLost([changed(path, { before, after })]).skipped).toHaveLength(1);
  });
});
