import { isErrno } from "../errors.ts";

/** Signals every process of a group. A group that is already gone counts as done. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  send(-leader, signal);
}

/** Signals one process. One that is already gone counts as done. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  send(pid, signal);
}

function send(target: number, signal: NodeJS.Signals): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    // macOS answers EPERM for a group whose members are all zombies.
    if (!isErrno(error, "ESRCH", "EPERM")) throw error;
  }
}
