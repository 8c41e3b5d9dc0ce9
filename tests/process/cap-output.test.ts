import { appendFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { trimOutput } from "../../src/process/cap-output.ts";
import { tempFolder } from "../support/temp-folder.ts";

test("of output that is too long the middle goes, and what was there before it stays", async () => {
  await using folder = await tempFolder();
  const path = join(folder.path, "output.log");
  await appendFile(path, "before\n");
  const cap = { from: 7, most: 100, head: 10 };
  await appendFile(path, "x".repeat(100));
  trimOutput(path, cap);
  expect((await stat(path)).size).toBe(107);
  await appendFile(path, "y");
  trimOutput(path, cap);
  await appendFile(path, "the end\n");
  expect(await readFile(path, "utf8")).toBe(
    `before\n${"x".repeat(10)}\n[ask_codex: 91 bytes of output were left out here]\nthe end\n`,
  );
});
