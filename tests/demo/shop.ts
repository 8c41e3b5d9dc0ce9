import { http, type Reply, run, say } from "../support/model/replies.ts";

/** A little repository with a bug, and a test that finds it. */
export const SHOP = {
  "package.json": '{ "name": "shop", "type": "module" }\n',
  "cart.js": `// What a cart costs.
export function total(items) {
  return items.reduce((sum, item) => sum + item.price, 0);
}
`,
  "cart.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { total } from "./cart.js";

test("two apples cost twice as much as one", () => {
  assert.equal(total([{ name: "apple", price: 3, quantity: 2 }]), 6);
});
`,
} as const;

export const TASK = "The total of a cart is too low. Find out why and fix it; node --test must pass.";

const PATCH = `apply_patch <<'END'
*** Begin Patch
*** Update File: cart.js
@@
-  return items.reduce((sum, item) => sum + item.price, 0);
+  return items.reduce((sum, item) => sum + item.price * item.quantity, 0);
*** End Patch
END`;

const ANSWER = "`total` left the quantity out: two apples cost as much as one. It multiplies now, and the test passes.";

/** What the model says, in the place of a real one: look, edit, test, answer. What Codex does with it is real. */
const STORY: readonly Reply[] = [run("cat cart.js cart.test.js"), run(PATCH), run("node --test"), say(ANSWER)];

/** After the story the key is no longer valid. */
export function script(_request: unknown, index: number): Reply {
  return STORY[index] ?? http(401, { error: { message: "Incorrect API key provided" } });
}
