import { fieldsOf } from "./raw-names.ts";

/** Runs one git command on the private index of a snapshot. */
export type IndexGit = (command: readonly string[], input?: Uint8Array) => Promise<string>;

export interface StatusEntry {
  /** Raw, relative to the root; an untracked repository ends in a slash. */
  readonly name: string;
  /** The file on the disk, compared with the index. */
  readonly file: "same" | "changed" | "gone" | "untracked";
  readonly inHead: boolean;
}

export interface TreeStatus {
  readonly head: string | null;
  readonly branch: string | null;
  /** What differs between HEAD, index and work tree; ignored files are left out. */
  readonly entries: readonly StatusEntry[];
}

/** One pass over the work tree. Submodules count by their HEAD alone: nothing inside of them is read. */
export async function readStatus(git: IndexGit): Promise<TreeStatus> {
  const flags = ["--porcelain=v2", "-z", "--branch", "--no-ahead-behind", "--no-renames", "--untracked-files=all"];
  return parseStatus(await git(["status", ...flags, "--ignore-submodules=dirty"]));
}

/** Parses `git status --porcelain=v2 -z --branch --no-renames`; throws at a record it does not know. */
function parseStatus(output: string): TreeStatus {
  const records = fieldsOf(output);
  const header = (name: string): string | undefined =>
    records.find((record) => record.startsWith(`# branch.${name} `))?.slice(`# branch.${name} `.length);
  const head = header("oid");
  const branch = header("head");
  return {
    head: head === undefined || head === "(initial)" ? null : head,
    branch: branch === undefined || branch === "(detached)" ? null : branch,
    entries: records.filter((record) => !record.startsWith("# ")).map(parseEntry),
  };
}

function parseEntry(record: string): StatusEntry {
  const untracked = /^\? (.+)$/s.exec(record);
  if (untracked?.[1] !== undefined) return { name: untracked[1], file: "untracked", inHead: false };
  const { staged, mode, head, name } = (ORDINARY.exec(record) ?? UNMERGED.exec(record))?.groups ?? {};
  if (mode === undefined || head === undefined || name === undefined) throw new Error(`git status printed ${record}`);
  const file = mode === "000000" ? "gone" : staged === "." ? "same" : "changed";
  return { name, file, inHead: !/^0+$/.test(head) };
}

// 1 <XY> <sub> <mH> <mI> <mW> <hH> <hI> <path>
const ORDINARY = /^1 .(?<staged>.) \S+ \d+ \d+ (?<mode>\d+) (?<head>\w+) \w+ (?<name>.+)$/s;

// u <XY> <sub> <m1> <m2> <m3> <mW> <h1> <h2> <h3> <path>; stage 2 is HEAD's
const UNMERGED = /^u (?<staged>..) \S+ \d+ \d+ \d+ (?<mode>\d+) \w+ (?<head>\w+) \w+ (?<name>.+)$/s;
