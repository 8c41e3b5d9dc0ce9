#!/usr/bin/env node
// Stands between a program and Codex: repeats one kind of notification $BENCH_TIMES times. $BENCH_CODEX is the real one.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const { BENCH_CODEX, BENCH_METHOD, BENCH_TIMES } = process.env;
const codex = spawn(BENCH_CODEX, process.argv.slice(2), { stdio: ["pipe", "pipe", "inherit"] });
process.stdin.pipe(codex.stdin);
createInterface({ input: codex.stdout }).on("line", (line) => {
  process.stdout.write(`${line}\n`);
  if (!line.includes(`"method":"${BENCH_METHOD}"`) || !line.includes("agentMessage")) return;
  const message = JSON.parse(line);
  const lines = [];
  for (let time = 1; time < Number(BENCH_TIMES); time++) {
    if (message.params.item) message.params.item.id = `repeated-${time}`;
    lines.push(JSON.stringify(message));
  }
  process.stdout.write(lines.map((text) => `${text}\n`).join(""));
});
codex.on("exit", (code) => {
  process.exitCode = code ?? 1;
});
