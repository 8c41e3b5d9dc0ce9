import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unmatched } from "../../../src/handoff/check/unmatched.ts";
import { contract } from "../../support/samples/handoff.ts";
import { tempFolder } from "../../support/temp-folder.ts";

test.each([
  ["src/price.js#price", []],
  ["src/price.js#Shop.open", []],
  [
    "src/price.js#prize",
    ["7 src/price.js declares no `prize` yet. Right for what is still to be made; else correct it."],
  ],
  ["src/price.js#Shop.close", [expect.stringContaining("declares no `Shop.close` yet.")]],
  ["src/none.js#price", [expect.stringContaining("`src/none.js` matches no file yet.")]],
  ["src/price.js: export function later()", []],
  [
    "src/price.zig#price",
    [
      "7 `src/price.zig#price` guards nothing: src/price.zig is in no language whose declarations are read. " +
        "Write what must stay, in its own words: `src/price.zig: …`.",
    ],
  ],
])("of the interface %s is told: %j", async (entry, told) => {
  await using folder = await tempFolder();
  await mkdir(join(folder.path, "src"));
  await writeFile(join(folder.path, "src/price.js"), "export function price() {}\nclass Shop { open() {} }\n");
  await writeFile(join(folder.path, "src/price.zig"), "pub fn price() void {}\n");
  const { handoff } = contract({ interfaces: [entry], scope: { files: [], forbid: [] } });
  const document = { handoff, form: "markdown", lines: new Map([["interfaces[0]", 7]]), prose: [] } as const;
  const gaps = await unmatched(document, folder.path, ["src/price.js", "src/price.zig"], async () => []);
  expect(gaps.map(({ line, what, fix }) => `${line} ${what} ${fix}`)).toEqual(told);
});
