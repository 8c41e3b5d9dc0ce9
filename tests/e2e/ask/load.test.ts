import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type Asking, ask, startAsk } from "../../support/ask.ts";
import { run, say } from "../../support/model/replies.ts";
import type { ModelRequest, Script } from "../../support/model/server.ts";
import { inMatrix } from "../../support/suite.ts";
import { testUnderLoad } from "../../support/trials.ts";
import { createWorld } from "../../support/world.ts";

testUnderLoad("20 runs at once, of one user in one work tree, share nothing", async () => {
  const script: Script = (request) =>
    hasRun(request)
      ? say(`The answer to ${taskOf(request)}.`)
      : run(`echo ${taskOf(request)} > ${taskOf(request)}.txt`);
  await using world = await createWorld({ script });
  const tasks = Array.from({ length: 20 }, (_, index) => `task-${index + 100}`);
  const all = await Promise.all(tasks.map((task) => ask(world, ["--name", task, task])));
  for (const [index, asked] of all.entries()) {
    expect(asked).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(asked.report?.match(/The answer to task-\d+/g)).toEqual([`The answer to ${tasks[index]}`]);
    const journal = await readFile(join(dirname(asked.keys.output_path ?? ""), "events.jsonl"), "utf8");
    expect(journal.match(/The answer to task-\d+/g)).toEqual([`The answer to ${tasks[index]}`]);
  }
  for (const key of ["session_id", "run_id", "output_path"]) {
    expect(new Set(all.map(({ keys }) => keys[key])).size).toBe(20);
  }
  expect(await readdir(join(world.state, "live"))).toEqual([]);
  expect(await readdir(join(world.state, "threads"))).toHaveLength(20);
  expect((await ask(world, ["sessions"])).stdout.match(/@task-\d+/g)?.sort()).toEqual(tasks.map((task) => `@${task}`));
  // Each made its own file, and was told that others were about.
  expect((await readdir(world.workspace)).filter((name) => /^task-\d+\.txt$/.test(name))).toHaveLength(20);
});

test("10,000 fast deltas neither stall nor lose a letter", async () => {
  const text = Array.from({ length: 10_000 }, (_, index) => `${String(index).padStart(5, "0")} `).join("");
  await using world = await createWorld({ script: [say(text, { chunks: 10_000 })] });
  const asked = await ask(world, ["--json", "--idle-timeout", "10", "task"]);
  expect(asked).toMatchObject({ code: 0, json: { status: "completed", answer: text } });
  expect(asked.report).toContain(text.trim());
  expect(asked.stderr).not.toContain("[TIMEOUT]");
});

inMatrix(() => {
  test.runIf(process.platform === "linux")("a command that prints 60 MB does not bloat us", async () => {
    const script = [
      run("yes 'fifty-nine characters of output that nobody will ever read.' | head -c 60000000"),
      say("Done."),
    ];
    await using world = await createWorld({ script });
    await using asking = startAsk(world, ["--idle-timeout", "5", "task"]);
    const peak = peakMemory(asking);
    expect(await asking.done).toMatchObject({ code: 0, keys: { status: "completed" } });
    expect(await peak).toBeGreaterThan(20);
    expect(await peak).toBeLessThan(150);
  });
});

/** The most memory (MB) that a run ever had; the kernel keeps the mark, so it is enough to look now and then. */
async function peakMemory({ child, done }: Asking): Promise<number> {
  let peak = 0;
  const timer = setInterval(async () => {
    const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
  }, 20);
  await done.finally(() => clearInterval(timer));
  return peak;
}

function taskOf({ body }: ModelRequest): string | undefined {
  return body.input.findLast(({ role }) => role === "user")?.content?.at(-1)?.text;
}

function hasRun({ body }: ModelRequest): boolean {
  return body.input.some(({ type }) => type === "function_call_output");
}
