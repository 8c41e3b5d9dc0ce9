import { tidyEnvironment } from "./environment.ts";
import { become, type Forwards, siblingFor } from "./sibling.ts";
import { unsupported } from "./supported.ts";

/** Starts a program where it can run, or the one that does what it is asked for (`forwards`). Checked before anything else is evaluated: an old Node would fail on it in its own words. */
export function enter(
  load: () => Promise<{ main(argv: readonly string[]): Promise<number> }>,
  forwards: Forwards,
): void {
  const sibling = siblingFor(forwards, process.argv.slice(2));
  if (sibling !== null) return become(sibling);
  const reason = unsupported(process.platform, process.versions.node);
  if (reason === null) {
    tidyEnvironment();
    // Node calls it done as soon as nothing is left to wait for, whether or not our work is.
    process.exitCode = 1;
    void load()
      .then(({ main }) => main(process.argv.slice(2)))
      .then(
        (code) => {
          process.exitCode = code;
        },
        // `main` tells its own failures: it could not be loaded.
        (error) => refuse(error instanceof Error ? error.message : String(error)),
      );
  } else refuse(reason);
}

function refuse(reason: string): void {
  process.stderr.write(`[ERROR] ${reason}\n`);
  process.exitCode = 3;
}
