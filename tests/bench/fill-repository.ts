import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { git, NO_UPKEEP } from "../support/git/git.ts";

const FILES_EACH = 100;

/** Makes a folder a repository of so many small files (a multiple of 100), all of them committed. */
export async function fillRepository(workspace: string, size: number): Promise<void> {
  for (let folder = 0; folder < size / FILES_EACH; folder++) {
    const path = join(workspace, "src", String(folder % 20), String(folder));
    await mkdir(path, { recursive: true });
    const files = Array.from({ length: FILES_EACH }, (_, file) =>
      writeFile(join(path, `${file}.txt`), `${folder} ${file}\n`),
    );
    await Promise.all(files);
  }
  await git(workspace, "init", "--quiet", "--initial-branch=main");
  await git(workspace, "add", "--all");
  await git(workspace, ...NO_UPKEEP, "commit", "--quiet", "--message=start");
}
