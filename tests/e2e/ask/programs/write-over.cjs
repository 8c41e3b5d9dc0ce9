// Required before a program: cuts the file $WRITTEN_OVER to $TO bytes (none) once it has started Codex and compiled $AFTER pieces of itself since then.
const childProcess = require("node:child_process");
const { truncateSync } = require("node:fs");
const vm = require("node:vm");

const { spawn } = childProcess;
let left = Number.POSITIVE_INFINITY;
childProcess.spawn = (program, args, options) => {
  const child = spawn(program, args, options);
  if (args.includes("app-server")) count(Number(process.env.AFTER));
  return child;
};
const { compileFunction } = vm;
vm.compileFunction = (...args) => {
  const compiled = compileFunction(...args);
  count(left - 1);
  return compiled;
};

function count(now) {
  left = now;
  if (left === 0) truncateSync(process.env.WRITTEN_OVER, Number(process.env.TO ?? 0));
}
