import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRefs } from "../../../src/workspace/git/refs.ts";
import { committed, observe, workTreeOf } from "../../support/git/repository.ts";

test("of 5,000 packed refs those that moved are named, whatever their objects are", async () => {
  const repository = committed({ "a.txt": "1\n" });
  const head = repository.git("rev-parse", "HEAD");
  const missing = "1".repeat(40); // opening each object would fail, and cost the time
  const packed = Array.from({ length: 5_000 }, (_, at) => `${at % 2 ? head : missing} refs/tags/t${at}\n`);
  const header = "# pack-refs with: peeled fully-peeled sorted \n";
  writeFileSync(join(repository.root, ".git/packed-refs"), header + packed.sort(byName).join(""));
  const tree = await workTreeOf(repository.root);
  expect((await readRefs(tree)).size).toBe(5_001);
  const { refsMoved } = await observe(repository, () => {
    repository.git("update-ref", "refs/tags/t2", head);
    repository.git("update-ref", "refs/heads/é", head);
  });
  expect(refsMoved).toEqual([
    { ref: "refs/heads/é", from: null, to: head },
    { ref: "refs/tags/t2", from: missing, to: head },
  ]);
});

function byName(one: string, other: string): number {
  return one.slice(41) < other.slice(41) ? -1 : 1;
}
