import { once } from "node:events";
import { appendLedger } from "../../../src/ledger/ledger.ts";
import { entry } from "../../support/samples/ledger.ts";

// Waits for a word on stdin, then adds `count` entries of very different lengths.
const [state = "", writer = "", count = "1"] = process.argv.slice(2);
console.log("ready");
await once(process.stdin, "data");
for (let index = 0; index < Number(count); index++) {
  const warning = await appendLedger(
    state,
    entry({ run_id: `${writer}-${index}`, role: writer.repeat((index * 7_919) % 5_000) }),
  );
  if (warning !== null) throw new Error(warning);
}
process.stdin.destroy();
