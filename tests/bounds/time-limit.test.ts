import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { transformSync } from "esbuild";
import { expect, test } from "vitest";
import { timeLimit } from "../../src/bounds/time-limit.ts";
import { withNode } from "../support/machine/nodes.ts";

test("fires with the first signal, by that one's reason, and not because time ran out", () => {
  const [one, other] = [new AbortController(), new AbortController()];
  const limit = timeLimit([one.signal, other.signal], 60_000);
  other.abort("SIGTERM");
  one.abort("SIGINT");
  expect([limit.signal.aborted, limit.signal.reason, limit.expired()]).toEqual([true, "SIGTERM", false]);
});

test("a signal that has fired already fires it at once", () => {
  expect(timeLimit([AbortSignal.abort("SIGHUP")]).signal.reason).toBe("SIGHUP");
});

test("fires when the time is over, and says so", async () => {
  const limit = timeLimit([new AbortController().signal], 5);
  await new Promise((resolve) => limit.signal.addEventListener("abort", resolve));
  expect([limit.expired(), (limit.signal.reason as Error).name]).toEqual([true, "TimeoutError"]);
});

test("what is cleared fires no more", () => {
  const one = new AbortController();
  const limit = timeLimit([one.signal], 60_000);
  limit.clear();
  one.abort();
  expect(limit.signal.aborted).toBe(false);
});

// Node 20 collects the signals of AbortSignal.any and AbortSignal.timeout before their time.
withNode("rest", ({ path }) => {
  test("a forced garbage collection takes no limit away", () => {
    const source = readFileSync(new URL("../../src/bounds/time-limit.ts", import.meta.url), "utf8");
    const { code } = transformSync(source, { loader: "ts" });
    const program = `
    ${code}
    let fired = 0;
    const holder = setInterval(() => {}, 1_000);
    for (let index = 0; index < 20; index++)
      timeLimit([new AbortController().signal], 50).signal.addEventListener("abort", () => {
        if (++fired === 20) { clearInterval(holder); console.log("all fired"); }
      });
    for (let index = 0; index < 5; index++) { gc(); await new Promise(setImmediate); }
    setTimeout(() => { if (fired < 20) { console.log("lost", 20 - fired); process.exit(1); } }, 5_000).unref();
  `;
    const args = ["--expose-gc", "--input-type=module", "-e", program];
    expect(execFileSync(path, args, { encoding: "utf8" })).toBe("all fired\n");
  });
});
