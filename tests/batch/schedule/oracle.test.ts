import fc from "fast-check";
import { expect } from "vitest";
import { batchTask, scheduleOf } from "../../support/samples/batches.ts";
import { testAtRandom } from "../../support/trials.ts";

/** A plan of a random DAG, and for each task how it ends. */
const plans = fc.integer({ min: 1, max: 50 }).chain((size) =>
  fc.record({
    after: fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: size, maxLength: size }),
    ends: fc.array(fc.constantFrom("clean", "clean", "clean", "failed", "rate"), { minLength: size, maxLength: size }),
    parallel: fc.integer({ min: 1, max: 6 }),
    picks: fc.array(fc.nat(), { minLength: 8, maxLength: 200 }),
  }),
);

/** Written without a look at the schedule: from the whole history anew, every time. */
function mayStart(
  tasks: readonly { id: string; after: readonly string[] }[],
  history: readonly (readonly [string, string])[],
  most: number,
) {
  const last = new Map<string, string>();
  let parallel = most;
  for (const [id, what] of history) {
    last.set(id, what);
    if (what === "rate") parallel = Math.max(1, Math.floor(parallel / 2));
  }
  const running = [...last.values()].filter((what) => what === "started").length;
  const waiting = tasks.filter(({ id }) => [undefined, "rate"].includes(last.get(id)));
  const ready = waiting.filter(({ after }) => after.every((name) => last.get(name) === "clean"));
  return ready.slice(0, Math.max(0, parallel - running)).map(({ id }) => id);
}

testAtRandom(
  "what may start is what an independent scheduler says, at each step of a random history",
  { change: 60, full: 2_000 },
  plans,
  ({ after, ends, parallel, picks }) => {
    const tasks = after.map((pick, at) =>
      batchTask(`t${at}`, { after: [...new Set(at === 0 ? [] : pick.map((n) => `t${n % at}`))] }),
    );
    const { schedule, tell, start, finish } = scheduleOf(tasks, { parallel });
    const history: [string, string][] = [];
    const running: string[] = [];
    const limited = new Set<string>();
    for (let step = 0; ; step++) {
      const next = schedule.next();
      expect(next).toEqual(mayStart(tasks, history, parallel));
      if (next.length === 0 && running.length === 0) break;
      const pick = picks[step % picks.length] ?? 0;
      const [id = ""] =
        next.length > 0 && (running.length === 0 || pick % 2 === 0)
          ? [next[pick % next.length]]
          : running.splice(pick % running.length, 1);
      if (!next.includes(id)) {
        const wanted = ends[Number(id.slice(1))] ?? "clean";
        const end = wanted === "rate" && limited.has(id) ? "clean" : wanted;
        limited.add(id);
        if (end === "rate") tell("task_requeued", { id, tokens: null });
        else finish(id, { status: end === "clean" ? "completed" : "failed" });
        history.push([id, end]);
      } else {
        start(id);
        running.push(id);
        history.push([id, "started"]);
      }
    }
    const clean = history.filter(([, what]) => what === "clean").map(([id]) => id);
    expect(new Set(clean).size).toBe(clean.length);
  },
);
