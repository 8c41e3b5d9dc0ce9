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
    void load()
      .then(({ main }) => main(process.argv.slice(2)))
      .then((code) => {
        process.exitCode = code;
      });
  } else {
    process.stderr.write(`[ERROR] ${reason}\n`);
    process.exitCode = 3;
  }
}
