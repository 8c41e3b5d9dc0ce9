// Required before a program: writes to $LOADED, as JSON, which of Node's modules it asked for, and how many bytes of ours it compiled in
// how many pieces, all in all and before it started another program.
const Module = require("node:module");
const { writeFileSync } = require("node:fs");
const vm = require("node:vm");

const { compileFunction } = vm;
let bytes = 0;
let pieces = 0;
vm.compileFunction = (code, ...rest) => {
  bytes += code.length;
  pieces++;
  return compileFunction(code, ...rest);
};
let untilChild = 0;
const { _load: load } = Module;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  if (!/^(node:)?child_process$/.test(request)) return loaded;
  Module._load = load;
  const { spawn } = loaded;
  loaded.spawn = (...args) => {
    untilChild ||= bytes;
    return spawn(...args);
  };
  return loaded;
};
const before = new Set(process.moduleLoadList);
process.on("exit", () => {
  const loaded = process.moduleLoadList.filter((name) => !before.has(name) && /^NativeModule [a-z]/.test(name));
  const names = loaded.map((name) => name.slice("NativeModule ".length));
  // Node itself asks for `module` where something is required beforehand.
  const modules = names.filter((name) => !name.startsWith("internal/") && name !== "module");
  writeFileSync(process.env.LOADED, JSON.stringify({ bytes, pieces, untilChild, modules }));
});
