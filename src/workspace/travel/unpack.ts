import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AskCodexError } from "../../errors.ts";
import { isThere } from "../../files/look.ts";
import { PRIVATE_FILE } from "../../files/write-whole.ts";
import { runGit } from "../git/git.ts";
import type { Parcel } from "./pack.ts";

/**
 * Makes a repository of a parcel in `folder`, which must exist, with its files checked out and on no branch; in a repository that an
 * earlier parcel made, its files become this one's. What was changed there since is lost.
 * @throws AskCodexError when the parcel holds another commit than it says; GitError with git's own complaint
 */
export async function unpackInto(folder: string, { commit, bundle }: Parcel, signal?: AbortSignal): Promise<void> {
  const file = join(folder, ".parcel.bundle");
  const git = (...command: string[]) => runGit(command, { cwd: folder, signal });
  await writeFile(file, bundle, { mode: PRIVATE_FILE, flag: "wx" });
  try {
    if (!(await isThere(join(folder, ".git")))) await init(folder, commit, signal);
    const told = await git("bundle", "unbundle", file);
    if (told.split(" ")[0] !== commit) throw new AskCodexError("protocol", `the files are not those of ${commit}`);
  } finally {
    await rm(file, { force: true });
  }
  await git("checkout", "--quiet", "--detach", "--force", commit);
  await git("clean", "-d", "-x", "--force", "--force", "--quiet");
}

async function init(folder: string, commit: string, signal: AbortSignal | undefined): Promise<void> {
  const format = commit.length === 64 ? "sha256" : "sha1";
  await runGit(["init", "--quiet", "--template=", `--object-format=${format}`], { cwd: folder, signal });
}
