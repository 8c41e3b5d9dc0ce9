import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { say } from "../../support/model/replies.ts";
import type { World } from "../../support/world.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

const FEW = 10;
const MANY = 10_000;
const MOST_ROUNDS = 5;

/** What is listed is bounded, and so is what listing costs. */
export const tenThousandSessions: Benchmark = {
  name: "ten-thousand-sessions",
  title: `status and list without an id: ${FEW} sessions, and ${MANY.toLocaleString("en")}`,
  run: ({ runs, signal }) =>
    inWorld({ signal, script: () => say("Done.") }, async (world) => {
      const { broker } = await contestants(world);
      await measureExit(0, broker("start", "--read-only", "--linger", "0", "--wait", "Do it."), signal);
      const once = (program: Program) => async () => (await measureExit(0, program, signal)).ms;
      const rounds = async () =>
        contest({ status: once(broker("status")), list: once(broker("list")) }, Math.min(runs, MOST_ROUNDS));
      const copyAs = copier(world);
      for (let at = 1; at < FEW; at++) copyAs(at);
      const few = await rounds();
      for (let at = FEW; at < MANY; at++) copyAs(at);
      const many = await rounds();
      const printed = (await measureExit(0, broker("list"), signal)).stdout.split("\n").length - 1;
      return [
        figure(`codex_broker status, ${FEW}`, "ms", few.status),
        figure(`codex_broker list, ${FEW}`, "ms", few.list),
        figure(`codex_broker status, ${MANY.toLocaleString("en")}`, "ms", many.status),
        figure(`codex_broker list, ${MANY.toLocaleString("en")}`, "ms", many.list),
        ratio("status without an id: many : few", many.status, few.status, 3),
        ratio("list: many : few", many.list, few.list, 3),
        figure("lines that list prints", "x", [printed], 50),
      ];
    }),
};

/** Writes the first session once more, under the id of a number. */
function copier({ state }: World): (number: number) => void {
  const root = join(state, "sessions");
  const [first = ""] = readdirSync(root).filter((name) => !name.startsWith("."));
  const names = ["state.json", "events.jsonl"];
  const files = names.map((name) => [name, readFileSync(join(root, first, name), "utf8")] as const);
  return (number) => {
    const id = `20200101-000000-000-${number.toString(16).padStart(16, "0")}`;
    mkdirSync(join(root, id, "queue"), { recursive: true, mode: 0o700 });
    for (const [name, text] of files) writeFileSync(join(root, id, name), text.replaceAll(first, id), { mode: 0o600 });
  };
}
