import { canDraw, progressStream, writeErr } from "../edge/stdio.ts";
import { noProgress, type ProgressLines, progressLines, type Spinner } from "./progress-lines.ts";

/** Progress on stderr: lines, with a spinner between them on a terminal; nothing in quiet mode. */
export async function openProgress(quiet: boolean): Promise<ProgressLines> {
  const write = writeErr;
  if (quiet) return noProgress(write);
  return progressLines({
    write,
    spinner: canDraw("stderr") ? await openSpinner() : null,
  });
}

async function openSpinner(): Promise<Spinner> {
  const { default: yoctoSpinner } = await import("yocto-spinner");
  // Its own signal handling would exit before Codex is ended and the report written.
  const spinner = yoctoSpinner({ text: "starting Codex", stream: progressStream(), handleSignals: false }).start();
  return {
    update(text) {
      spinner.text = text;
    },
    clear: () => void spinner.clear(),
    stop: () => void spinner.stop(),
  };
}
