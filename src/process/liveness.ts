import { readlinkSync } from "node:fs";
import { constants, open } from "node:fs/promises";
import { isErrno } from "../errors.ts";
import { isAlive, type ProcessEntry } from "./table.ts";
import { WORKER_SOCKET } from "./worker-socket.ts";

/** A process as it was written down: by its pid, and by the pid namespace in which that is its name. */
export interface RecordedProcess extends Pick<ProcessEntry, "pid" | "startedAt"> {
  /** Left out where there are none (macOS). */
  readonly pidNamespace?: string | undefined;
  /** The folder of the broker session whose worker it is. */
  readonly session?: string | undefined;
}

/** The pid namespace of this process; undefined where there are none. */
export function ownPidNamespace(): string | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return undefined;
  }
}

/** Whether its pid means nothing here: it was recorded in another container, or in one and read on its host. */
export function isElsewhere({ pidNamespace }: RecordedProcess): boolean {
  return pidNamespace !== undefined && pidNamespace !== ownPidNamespace();
}

// A run has ended long before; a container that was removed must not hold anything for ever.
const UNKNOWN_LIMIT_MS = 2 * 24 * 60 * 60 * 1000;

/**
 * Whether the very process that was recorded at `recordedAt` (ms since the epoch) still runs. The process table knows those of our
 * own pid namespace. Of another one's, a worker is asked by its socket, and any other is taken for alive until it is two days old.
 */
export async function isRecordedAlive(recorded: RecordedProcess, recordedAt: number): Promise<boolean> {
  if (!isElsewhere(recorded)) return isAlive(recorded);
  if (recorded.session !== undefined) return isListening(recorded.session);
  return Math.abs(Date.now() - recordedAt) < UNKNOWN_LIMIT_MS;
}

async function isListening(folder: string): Promise<boolean> {
  const { connect } = await import("node:net");
  const opened = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY).catch(() => null);
  if (opened === null) return false;
  try {
    // Through the folder: a path of its own may be longer than a socket's may be.
    const socket = connect(`/proc/self/fd/${opened.fd}/${WORKER_SOCKET}`);
    return await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", (error) => resolve(!isErrno(error, "ECONNREFUSED", "ENOENT")));
    }).finally(() => socket.destroy());
  } finally {
    await opened.close();
  }
}
