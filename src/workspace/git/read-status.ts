import { fieldsOf } from "./raw-names.ts";

/** Runs one git command on the private index of a snapshot. */
export type IndexGit = (command: readonly string[], input?: Uint8Array) => Promise<string>;

export interface StatusEntry {
  /** Raw, relative to the root; an untracked repository ends in a slash. */
  readonly name: string;
  /** The file on the disk, compared with the index. */
  readonly file: "same" | "changed" | "gone" | "untracked";
  readonly inHead: boolean;
  /** What the index has under the name: one entry, the versions of a conflict, or none. */
  readonly staged: readonly StagedEntry[];
}

export interface StagedEntry {
  /** Raw. */
  readonly name: string;
  /** Six octal digits. */
  readonly mode: string;
  readonly id: string;
  /** 0, or 1 to 3 for the versions of a conflict. */
  readonly stage: number;
}

export interface TreeStatus {
  readonly head: string | null;
  readonly branch: string | null;
  /** What differs between HEAD, index and work tree; ignored files are left out. */
  readonly entries: readonly StatusEntry[];
}

/** HEAD is no longer the commit that a status has compared the files with. */
export class HeadMoved extends Error {}

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
  if (untracked?.[1] !== undefined) return { name: untracked[1], file: "untracked", inHead: false, staged: [] };
  const { differs, mode, head, modes, ids, name } = (ORDINARY.exec(record) ?? UNMERGED.exec(record))?.groups ?? {};
  if (mode === undefined || head === undefined || name === undefined) throw new Error(`git status printed ${record}`);
  const file = mode === "000000" ? "gone" : differs === "." ? "same" : "changed";
  return { name, file, inHead: !/^0+$/.test(head), staged: stagedEntries(name, modes, ids) };
}

/** The index's side of a record; what is to be added later has no content there yet. */
function stagedEntries(name: string, modes = "", ids = ""): StagedEntry[] {
  const versions = modes.split(" ");
  const entries = ids.split(" ").map((id, at) => ({ name, id, mode: versions[at] ?? "" }));
  return entries.flatMap((entry, at) =>
    entry.mode === "000000" ? [] : [{ ...entry, stage: entries.length === 1 ? 0 : at + 1 }],
  );
}

// 1 <XY> <sub> <mH> <mI> <mW> <hH> <hI> <path>
const ORDINARY = /^1 .(?<differs>.) \S+ \d+ (?<modes>\d+) (?<mode>\d+) (?<head>\w+) (?<ids>\w+) (?<name>.+)$/s;

// u <XY> <sub> <m1> <m2> <m3> <mW> <h1> <h2> <h3> <path>; stage 2 is HEAD's
const UNMERGED = /^u (?<differs>..) \S+ (?<modes>\d+ \d+ \d+) (?<mode>\d+) (?<ids>\w+ (?<head>\w+) \w+) (?<name>.+)$/s;
