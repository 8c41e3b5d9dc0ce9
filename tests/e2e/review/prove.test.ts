import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { git } from "../../support/git/git.ts";
import { run } from "../../support/model/replies.ts";
import { finding, isProver, isRefuter, proving, refuting, review, reviewed } from "../../support/reviews.ts";
import { createWorld } from "../../support/world.ts";

const OLDER = "export const half = (n) => n / 3;";
const CART = `${OLDER}\nexport function last(items) {\n  return items[items.length - 1];\n}\n`;
const FAULT = "return items[items.length];";
const FAULTY = CART.replace("return items[items.length - 1];", FAULT);

const TEST = (name: string, call: string, want: number) =>
  `import assert from "node:assert"; import { helped } from "helper"; import { half, last } from "../src/cart.js"; assert.equal(helped(${call}), ${want}); // ${name}\\n`;

test("--prove runs Codex's tests on the change and before it, in a sandbox, and keeps them as a patch", async () => {
  // What the tests of a project need is often not in git.
  const helper = {
    "node_modules/helper/package.json": '{"type":"module","exports":"./index.js"}',
    "node_modules/helper/index.js": "export const helped = (value) => value;\n",
  };
  let asked = 0;
  await using world = await createWorld({
    files: { "src/cart.js": CART, "package.json": '{"type":"module"}', ".gitignore": "node_modules/\n", ...helper },
    script: (request) => {
      if (isProver(request)) {
        asked += 1;
        if (asked === 1)
          return run(
            [
              "mkdir -p tests",
              `printf '${TEST("last", "last([1, 2])", 2)}' > tests/last.mjs`,
              `printf '${TEST("half", "half(4)", 2)}' > tests/half.mjs`,
              // Neither reaches the user, nor the tests: only new files count.
              "echo 'throw new Error()' >> src/cart.js",
              `echo x > ${JSON.stringify(join(world.workspace, "owned.txt"))}`,
            ].join("; "),
          );
        return proving(request, {
          Introduced: `node tests/last.mjs; code=$?; echo x > ${join(world.workspace, "owned.txt")}; exit $code`,
          Older: "node tests/half.mjs",
          Imagined: "node -e 0",
        });
      }
      if (isRefuter(request)) return refuting(request, "confirmed");
      return reviewed(
        ["src/cart.js"],
        finding("src/cart.js", FAULT, { title: "Introduced" }),
        finding("src/cart.js", OLDER, { title: "Older" }),
        finding("src/cart.js", "export function last(items) {", { title: "Imagined" }),
        finding("src/cart.js", OLDER, { title: "Left out", category: "interface" }),
        finding("src/cart.js", FAULT, { title: "Not so bad", severity: "minor", category: "tests" }),
      );
    },
  });
  await writeFile(join(world.workspace, "src/cart.js"), FAULTY);
  const before = await git(world.workspace, "status", "--porcelain");
  const made = await review(world, ["--prove", "--json"]);
  const { findings } = made.json as unknown as {
    findings: { title: string; proof: { result: string; patch: string; detail: string } }[];
  };
  const results = Object.fromEntries(findings.map(({ title, proof }) => [title, proof?.result ?? null]));
  expect(results).toEqual({
    Introduced: "proved",
    Older: "pre_existing",
    Imagined: "not_reproduced",
    "Not so bad": null,
    "Left out": "not_reproduced",
  });
  expect(findings.find(({ title }) => title === "Left out")?.proof.detail).toContain("its writer left it out");
  const patch = await readFile(findings.find(({ title }) => title === "Introduced")?.proof.patch ?? "", "utf8");
  expect(patch).toContain("b/tests/last.mjs");
  expect(patch).not.toContain("src/cart.js b/");
  expect(existsSync(join(world.workspace, "owned.txt"))).toBe(false);
  expect(await git(world.workspace, "status", "--porcelain")).toBe(before);
  expect(await readFile(join(world.workspace, "src/cart.js"), "utf8")).toBe(FAULTY);
  expect(await git(world.workspace, "worktree", "list")).not.toContain("\n");
});

test("--prove needs a refuter", async () => {
  await using world = await createWorld({ files: { "a.js": "1\n" }, script: [] });
  expect(await review(world, ["--prove", "--no-refute"])).toMatchObject({ code: 1, stdout: "" });
});

test("where no test can be written, as without any commit, the findings stand and say why", async () => {
  await using world = await createWorld({
    files: { "cart.js": `${FAULT}\n` },
    script: (request) =>
      isRefuter(request) ? refuting(request, "confirmed") : reviewed(["cart.js"], finding("cart.js", FAULT)),
  });
  await git(world.workspace, "update-ref", "-d", "HEAD");
  await git(world.workspace, "rm", "-q", "--cached", "-r", ".");
  const { code, json } = await review(world, ["--prove", "--json"]);
  expect({ code, json }).toMatchObject({
    code: 0,
    json: { findings: [{ refutation: { answer: "confirmed" }, proof: { result: "not_reproduced", command: null } }] },
  });
  expect(JSON.stringify(json)).toContain("no test could be written or run: A worktree cannot be made");
});
