import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { AskCodexError } from "../../errors.ts";
import { readPlainBytes } from "../../files/read-plain.ts";
import type { WorkTree } from "../git/find-work-tree.ts";
import { runGit } from "../git/git.ts";

/** The files of a commit on their way to another machine. */
export interface Parcel {
  /** What the commit is called there: one without a history, the same for the same files, whichever machine packs them. */
  readonly commit: string;
  /** A git bundle; only what `beside` lacks, where there is one. */
  readonly bundle: Buffer;
}

export interface PackOptions {
  readonly tree: WorkTree;
  /** What is packed: a commit of this repository. */
  readonly commit: string;
  /** A commit that lies there already: its files, which travelled before, or the commit itself, from a remote. */
  readonly beside?: { readonly commit: string; readonly as: "files" | "itself" } | undefined;
  /** Private to this call. */
  readonly folder: string;
  /** In bytes. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
}

/** The files of a commit are more than may travel. */
export class TooLarge extends AskCodexError {
  constructor(size: number, limit: number) {
    super("usage", `the files of the commit are too large to travel: ${size} bytes packed, ${limit} at most`);
  }
}

/**
 * Packs the files of a commit without its history. It is done in a repository of its own that borrows the objects, so the user's gains
 * neither object nor ref. What is untracked or ignored, what lies in submodules, and the files behind git-lfs's pointers do not travel.
 * @throws TooLarge; GitError with git's own complaint
 */
export async function packCommit({ tree, commit, beside, folder, limit, signal }: PackOptions): Promise<Parcel> {
  const own = join(folder, "packing.git");
  const format = (await runGit(["rev-parse", "--show-object-format"], { cwd: tree.root, signal })).trim();
  await runGit(["init", "--quiet", "--bare", "--template=", `--object-format=${format}`, own], { cwd: folder, signal });
  await writeFile(join(own, "objects", "info", "alternates"), `${tree.objects}\n`);
  const git = (...command: string[]) => runGit(command, { cwd: own, env: NOBODY, signal });
  const flat = async (of: string, ...parents: string[]) => {
    const files = await runGit(["rev-parse", "--verify", `${of}^{tree}`], { cwd: tree.root, signal });
    const command = ["commit-tree", files.trim(), ...parents.flatMap((parent) => ["-p", parent]), "-m", "files"];
    return (await git(...command)).trim();
  };
  const earlier = beside === undefined ? [] : [beside.as === "files" ? await flat(beside.commit) : beside.commit];
  const packed = await flat(commit, ...earlier);
  await git("update-ref", REF, packed);
  const file = join(folder, "parcel.bundle");
  // git refuses a bundle without a commit of its own; that of the same files once more is one.
  await git("bundle", "create", "--quiet", file, REF, ...earlier.map((one) => `^${one}`));
  const { size } = await stat(file);
  if (size > limit) throw new TooLarge(size, limit);
  return { commit: packed, bundle: readPlainBytes(file, { limit }) };
}

/** The one ref of a parcel. */
const REF = "refs/heads/files";

// The same files are the same commit.
const NOBODY = {
  GIT_AUTHOR_NAME: "ask_codex",
  GIT_AUTHOR_EMAIL: "ask_codex@localhost",
  GIT_AUTHOR_DATE: "@0 +0000",
  GIT_COMMITTER_NAME: "ask_codex",
  GIT_COMMITTER_EMAIL: "ask_codex@localhost",
  GIT_COMMITTER_DATE: "@0 +0000",
};
