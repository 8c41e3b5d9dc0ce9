// Preloaded with --require: notes the most memory this process ever held. VmHWM, because what getrusage says of a process begins
// with the size of whoever started it.
const { readFileSync, writeFileSync } = require("node:fs");

process.on("exit", () => {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8"));
  writeFileSync(process.env.BENCH_PEAK_MEMORY, kilobytes);
});
