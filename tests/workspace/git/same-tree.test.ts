import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sameTreeAs } from "../../../src/workspace/git/same-tree.ts";
import { committed, emptyRepository } from "../../support/git/repository.ts";

test("folders of one work tree are together; ignored ones, other repositories and what is gone stand for themselves", async () => {
  const { root } = committed({ ".gitignore": "out/\n", "src/deep/a.ts": "", "docs/b.md": "" });
  const [src, out, inner] = [join(root, "src"), join(root, "out"), join(root, "inner")];
  for (const folder of [inner, join(out, "below")]) mkdirSync(folder, { recursive: true });
  emptyRepository(inner);
  const inTree = sameTreeAs(src);
  const others = [
    src,
    root,
    join(src, "deep"),
    join(root, "docs"),
    out,
    join(out, "below"),
    inner,
    join(root, "gone"),
    "/",
  ];
  expect(await Promise.all(others.map(inTree))).toEqual([true, true, true, true, false, false, false, false, false]);
  const below = sameTreeAs(join(out, "below"));
  expect(await Promise.all([join(out, "below"), out, root, src].map(below))).toEqual([true, false, false, false]);
});
