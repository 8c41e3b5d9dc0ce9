import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execaSync } from "execa";
import { expect, test } from "vitest";
import { entriesOf, indexFile } from "../../../src/workspace/snapshot/index-file.ts";
import { emptyRepository, scratchFolder } from "../../support/git/repository.ts";

test.for(["sha1", "sha256"])("git reads an index that we wrote, and we one that git wrote: %s", (format) => {
  const { root, git, write } = emptyRepository(scratchFolder(), `--object-format=${format}`);
  write("a", "1\n");
  const id = git("hash-object", "-w", "a");
  const entries = [
    { mode: "100755", id, name: 'b/é\n"c', stage: 0 },
    { mode: "120000", id, name: "b.txt", stage: 2 },
    { mode: "100644", id, name: "b.txt", stage: 1 },
    { mode: "160000", id, name: "module", stage: 0 },
    { mode: "100644", id, name: `${"long ".repeat(1_000)}name`, stage: 0 },
  ].map((entry) => ({ ...entry, name: Buffer.from(entry.name).toString("latin1") }));
  const index = join(root, ".git", "index");

  writeFileSync(index, indexFile(entries));

  const listed = execaSync("git", ["ls-files", "--stage", "-z"], { cwd: root, encoding: "latin1" }).stdout;
  const told = entriesOf(readFileSync(index)).map(
    ({ mode, id: one, name, stage }) => `${mode} ${one} ${stage}\t${name}\0`,
  );
  expect(listed).toBe(told.join(""));
  expect(told).toHaveLength(entries.length);
  git("update-index", "--force-remove", "module");
  expect(entriesOf(readFileSync(index)).map(({ mode }) => mode)).not.toContain("160000");
});

test("an index that was cut short is not taken for a shorter one", () => {
  const whole = indexFile([{ mode: "100644", id: "1".repeat(40), name: "a", stage: 0 }]);
  expect(() => entriesOf(whole.subarray(0, -1))).toThrow("not asked for");
});
