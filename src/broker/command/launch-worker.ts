import { once } from "node:events";
import { closeSync } from "node:fs";
import { rotate } from "../../files/kept/capped-log.ts";
import { openPlain } from "../../files/open-plain.ts";
import { startChild } from "../../process/start-child.ts";
import { sessionPaths } from "../store/session-paths.ts";

/** The command that starts this program again as the worker of a session. */
export interface WorkerProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts the worker of a session: in a session of its own, and not as our child. What ends us, by our group, our terminal or our
 * process tree, does not find it. `granted` names the messages whose flags we were given. Resolves when it is on its way.
 */
export async function launchWorker(
  folder: string,
  { program, args, env }: WorkerProgram,
  granted: readonly string[],
): Promise<void> {
  const path = sessionPaths(folder).workerLog;
  // A worker says nothing as long as all goes well; what many of them have left must not grow for ever.
  rotate(path);
  const log = openPlain(path, "append");
  try {
    // The shell is the child and leaves at once; what it has put in the background then has no parent.
    const shell = startChild("/bin/sh", ["-c", '"$@" </dev/null &', "sh", program, ...args, folder, ...granted], {
      cwd: folder,
      env,
      stdio: ["ignore", log, log],
      detached: true,
    });
    if (shell instanceof Error) throw shell;
    await once(shell, "exit");
  } finally {
    closeSync(log);
  }
}
