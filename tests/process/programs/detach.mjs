import { spawn } from "node:child_process";

// Runs a shell script in a session of its own, prints its pid once it has said a word, and then leaves it or stays with it.
const [script, then] = process.argv.slice(2);
const child = spawn("sh", ["-c", script], { detached: true, stdio: ["ignore", "pipe", "ignore"] });
child.stdout.once("data", () => {
  console.log(child.pid);
  if (then === "leave") process.exit();
  process.stdin.resume();
});
