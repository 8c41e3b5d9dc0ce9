import { once } from "node:events";
import { openJournal } from "../../../src/files/journal.ts";

// Waits for a word on stdin, appends `count` events of up to `size` characters, and dies at once: no handler runs, nothing is flushed.
const [path = "", writer = "", count = "1", size = "1"] = process.argv.slice(2);
const journal = openJournal(path);
console.log("ready");
await once(process.stdin, "data");
for (let index = 0; index < Number(count); index++) {
  journal.append("event", { writer, index, text: writer.repeat(1 + ((index * 7_919) % Number(size))) });
}
process.kill(process.pid, "SIGKILL");
