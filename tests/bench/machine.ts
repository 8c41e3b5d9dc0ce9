import { cpus, loadavg, release } from "node:os";
import { execa } from "execa";
import { ROOT } from "../support/paths.ts";
import { NEWEST } from "../support/versions.ts";

/** What the figures were taken on, and of what. */
export interface Machine {
  readonly node: string;
  readonly codex: string;
  readonly git: string;
  readonly system: string;
  readonly cpu: string;
  readonly cores: number;
  /** Of the last minute, before the first measurement: above the number of cores, the figures are provisional. */
  readonly load: number;
  readonly commit: string;
  /** Whether the sources differ from the commit. */
  readonly dirty: boolean;
}

export async function describeMachine(): Promise<Machine> {
  const [node, gitVersion, commit, status] = await Promise.all([
    said("node", "--version"),
    said("git", "--version"),
    said("git", "rev-parse", "HEAD"),
    said("git", "status", "--porcelain"),
  ]);
  return {
    node,
    codex: NEWEST,
    git: gitVersion.replace("git version ", ""),
    system: `${process.platform} ${release()} ${process.arch}`,
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    load: loadavg()[0] ?? 0,
    commit,
    dirty: status !== "",
  };
}

async function said(command: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await execa(command, args, { cwd: ROOT, stdin: "ignore", reject: false });
  return stdout ?? "unknown";
}
