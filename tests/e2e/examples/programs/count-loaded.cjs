// Required before a program: writes to $LOADED, as JSON, which of Node's modules it asked for, and how many bytes of ours it compiled in
// how many pieces.
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
const before = new Set(process.moduleLoadList);
process.on("exit", () => {
  const loaded = process.moduleLoadList.filter((name) => !before.has(name) && /^NativeModule [a-z]/.test(name));
  const names = loaded.map((name) => name.slice("NativeModule ".length));
  // Node itself asks for `module` where something is required beforehand.
  const modules = names.filter((name) => !name.startsWith("internal/") && name !== "module");
  writeFileSync(process.env.LOADED, JSON.stringify({ bytes, pieces, modules }));
});
