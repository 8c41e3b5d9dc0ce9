import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { removeTree } from "../../../src/workspace/worktree/remove-tree.ts";
import { scratchFolder } from "../../support/git/repository.ts";
import { ROOT } from "../../support/paths.ts";

function readOnlyTree(): string {
  const folder = join(scratchFolder("tree"), "cache");
  mkdirSync(join(folder, "mod", "lib"), { recursive: true });
  writeFileSync(join(folder, "mod", "lib", "a.go"), "", { mode: 0o400 });
  for (const path of ["mod/lib", "mod", ""]) chmodSync(join(folder, path), 0o500);
  return folder;
}

// For root nothing is read-only, unless it gives that up.
const isRoot = process.getuid?.() === 0;
const WITHOUT_RIGHTS = ["--inh-caps=-all", "--bounding-set=-all", process.execPath, "--import", "tsx"];

test.runIf(!isRoot || process.platform === "linux")("a tree goes though its folders are read-only", async () => {
  const folder = readOnlyTree();
  if (isRoot) {
    const program = join(dirname(folder), "remove.mts");
    const module = join(ROOT, "src/workspace/worktree/remove-tree.ts");
    writeFileSync(
      program,
      `import { removeTree } from ${JSON.stringify(module)};\nawait removeTree(process.argv[2]);\n`,
    );
    execFileSync("setpriv", [...WITHOUT_RIGHTS, program, folder], { cwd: ROOT });
  } else await removeTree(folder);
  expect(existsSync(folder)).toBe(false);
});

test("a tree that is not there is gone already", async () => {
  await expect(removeTree(join(scratchFolder("tree"), "none"))).resolves.toBeUndefined();
});
