import { execFile } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { promisify } from "node:util";
import { inBatches } from "../bounds/in-batches.ts";
import { isErrno } from "../errors.ts";
import { stateHome } from "../files/state-paths.ts";
import { RUN_MARKER } from "./run-marker.ts";
import { findProcess, type ProcessEntry } from "./table.ts";

/** A process of this user that one of our runs has started, or that serves one of our sessions. */
export interface OurProcess {
  readonly entry: ProcessEntry;
  readonly command: string;
  /** What it was started with: program and arguments. */
  readonly words: readonly string[];
  /** The run whose mark it carries; null for a worker or a command of ours. */
  readonly run: string | null;
  /** The state folder that its environment names; null where that cannot be read. */
  readonly state: string | null;
}

/** The processes of this user that are ours. Elsewhere than on Linux an environment cannot be read: only programs of ours are found. */
export async function ourProcesses(): Promise<readonly OurProcess[]> {
  const found = process.platform === "linux" ? fromProc() : await fromPs();
  const described = await inBatches(found, async ({ pid, words, environment }) => {
    const entry = await findProcess(pid);
    if (entry === undefined || entry.zombie) return [];
    const run = environment?.[RUN_MARKER] ?? null;
    if (run === null && !isProgramOfOurs(words)) return [];
    const state = environment === null ? null : stateHome(environment, environment["HOME"] ?? null);
    return [{ entry, command: words.join(" "), words, run, state }];
  });
  return described.flat();
}

/** True for the words of a command or a worker of ours, whatever Node runs it. */
export function isProgramOfOurs(words: readonly string[]): boolean {
  return words.slice(0, 4).some((word) => PROGRAMS.has(basename(word)));
}

/** The folder of the session that a worker of ours was started for; null for the words of anything else. */
export function sessionServed(words: readonly string[]): string | null {
  const at = words.indexOf("__worker");
  return PROGRAMS.has(basename(words[at - 1] ?? "")) ? (words[at + 1] ?? null) : null;
}

const PROGRAMS = new Set(["ask_codex", "codex_broker", "ask-codex.ts", "codex-broker.ts"]);

interface Seen {
  readonly pid: number;
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>> | null;
}

function fromProc(): readonly Seen[] {
  const pids = readdirSync("/proc").flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  return pids.flatMap((pid) => {
    try {
      // Root could read everybody's.
      if (statSync(`/proc/${pid}`).uid !== process.getuid?.()) return [];
      const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
      return [{ pid, words, environment: parse(readFileSync(`/proc/${pid}/environ`, "utf8")) }];
    } catch (error) {
      if (isErrno(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return [];
      throw error;
    }
  });
}

/** What a process was started with; empty where that cannot be seen (it is gone, or this is not Linux). */
export function argumentsOf(pid: number): readonly string[] {
  if (process.platform !== "linux") return [];
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch (error) {
    if (isErrno(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return [];
    throw error;
  }
}

function parse(environ: string): Readonly<Record<string, string>> {
  const pairs = environ.split("\0").map((pair) => /^([^=]+)=(.*)$/s.exec(pair));
  return Object.fromEntries(pairs.flatMap((pair) => (pair ? [[pair[1] ?? "", pair[2] ?? ""]] : [])));
}

async function fromPs(): Promise<readonly Seen[]> {
  const args = ["-xo", "pid=,command="];
  // Plain execFile, as in the process table.
  const { stdout } = await promisify(execFile)("ps", args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, command = ""] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), words: command.split(" "), environment: null }];
  });
}
