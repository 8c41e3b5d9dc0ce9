import { expect, test } from "vitest";
import { withMovedImports } from "../../../src/handoff/facts/moved-imports.ts";
import { changed } from "../../support/samples/handoff.ts";

const moved = (from: string, path: string) => changed(path, { kind: "renamed", from });

test.each([
  ["test/a.test.js", 'import { a } from "../lib/old/a.js";', 'import { a } from "../lib/new/a.js";'],
  ["test/a.test.js", "require('../lib/old/a')", "require('../lib/new/a')"],
  ["test/a.test.js", "vi.mock(`../lib/old/a.js`)", "vi.mock(`../lib/new/a.js`)"],
  ["lib/a.test.ts", 'from "./old/a.js"', 'from "./new/a.js"'],
  ["lib/old/a.test.js", 'from "./a.js"', 'from "../new/a.js"'],
  ["test/a.test.js", 'from "../lib/old/b.js"', 'from "../lib/old/b.js"'],
  ["test/a.test.js", 'assert.equal(a("lib/old/a.js"), 1)', 'assert.equal(a("lib/old/a.js"), 1)'],
])("%s: %s", (path, text, expected) => {
  expect(withMovedImports(path, text, [moved("lib/old/a.js", "lib/new/a.js")])).toBe(expected);
});

test("a folder is loaded by its index", () => {
  const files = [moved("lib/a/index.ts", "lib/b/index.ts")];
  expect(withMovedImports("test/a.test.ts", 'from "../lib/a"', files)).toBe('from "../lib/b"');
  expect(withMovedImports("test/a.test.ts", 'from "../lib/a.js"', files)).toBe('from "../lib/b.js"');
});

test("Python names modules from the root, or from a folder on the search path", () => {
  const files = [moved("src/shop/cart.py", "src/shop/basket.py")];
  expect(
    withMovedImports("tests/test_a.py", "from shop.cart import A\nimport src.shop.cart\nimport cart\n", files),
  ).toBe("from shop.basket import A\nimport src.shop.basket\nimport basket\n");
  expect(withMovedImports("tests/test_a.py", "from shop.carts import A\n", files)).toBe("from shop.carts import A\n");
});

test("a file that went nowhere leaves the test as it was", () => {
  expect(withMovedImports("a.test.js", 'from "./old/a.js"', [changed("old/a.js")])).toBe('from "./old/a.js"');
});
