import { spawn } from "node:child_process";
import { writeSync } from "node:fs";

// Starts a child that ends at once, prints its pid, and never looks after it: the child stays a zombie.
const { pid } = spawn("true", { stdio: "ignore" });
writeSync(1, `${pid}\n`);
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
