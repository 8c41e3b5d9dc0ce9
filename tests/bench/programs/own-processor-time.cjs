// Preloaded with --require: notes the processor time of this process alone, without what it started.
const { writeFileSync } = require("node:fs");

process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(process.env.BENCH_OWN_PROCESSOR_TIME, String((user + system) / 1_000));
});
