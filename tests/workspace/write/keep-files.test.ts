import { readFileSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { keepFiles } from "../../../src/workspace/write/keep-files.ts";
import { repositoryAt, scratchFolder } from "../../support/git/repository.ts";

test("what lies behind a link is another file, and is neither copied nor put back", async () => {
  const folder = repositoryAt(scratchFolder());
  folder.write("other/e.txt", "other\n");
  symlinkSync(join(folder.root, "other"), join(folder.root, "f"));
  const kept = await keepFiles(folder.root, ["f", "f/e.txt"], scratchFolder("copies"));
  folder.write("other/e.txt", "edited meanwhile\n");
  await kept.putBack();
  expect(readFileSync(join(folder.root, "other/e.txt"), "utf8")).toBe("edited meanwhile\n");
  rmSync(join(folder.root, "f"));
  folder.write("f/e.txt", "half written\n");
  await kept.putBack();
  expect(readlinkSync(join(folder.root, "f"))).toBe(join(folder.root, "other"));
  expect(readFileSync(join(folder.root, "other/e.txt"), "utf8")).toBe("edited meanwhile\n");
});
