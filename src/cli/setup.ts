import { unsupported } from "./supported.ts";

// Checked before anything else is evaluated: an old Node would fail on it in its own words.
const reason = unsupported(process.platform, process.versions.node);
if (reason === null) {
  void import("./setup-main.ts").then(({ main }) => main(process.argv.slice(2)));
} else {
  process.stderr.write(`[ERROR] ${reason}\n`);
  process.exitCode = 3;
}
