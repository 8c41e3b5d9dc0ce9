import { spawn } from "node:child_process";

// Runs a shell script in a session of its own, prints its pid once it has said a word, and stays until it is told to leave it.
const child = spawn("sh", ["-c", process.argv[2]], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
child.stdout.once("data", () => console.log(child.pid));
process.stdin.once("data", () => process.exit());
