import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { mergeFindings } from "../../../src/review/finding/merge.ts";
import { placeFinding } from "../../../src/review/finding/place-finding.ts";
import { readFiles } from "../../../src/review/target/file-lookup.ts";
import { resolveTarget } from "../../../src/review/target/target.ts";
import { findWorkTree } from "../../../src/workspace/git/find-work-tree.ts";
import { say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { toldTo } from "../../support/model/wire.ts";
import { PROGRAM } from "../../support/programs.ts";
import { finding, isRefuter, refuting, reviewed } from "../../support/reviews.ts";
import type { World } from "../../support/world.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

const FILES = 5_000;
const FINDINGS = 200;
const FAULT = "return items[items.length];";
// As long as a short turn of a real model takes.
const TURN = { chunks: 10, pauseMs: 500 };
const MOST_ROUNDS = 5;

/** A review against its turns by bare Codex; and how long the places of many findings take in a large change. */
export const review: Benchmark = {
  name: "review",
  title: `a review of two turns of ${(TURN.chunks * TURN.pauseMs) / 1_000} s; ${FINDINGS} findings in ${FILES} changed files`,
  async run({ runs, signal }) {
    const whole = await inWorld({ signal, files: { "cart.js": "" }, script }, async (world) => {
      await appendFile(join(world.workspace, "cart.js"), `export function last(items) {\n  ${FAULT}\n}\n`);
      const { bare } = await contestants(world);
      const own = { command: PROGRAM, args: ["review", "--quiet"], cwd: world.workspace, env: world.env };
      return contest(
        {
          bare: async () => {
            const startedAt = performance.now();
            for (const prompt of ["Review it.", "Try to refute it."])
              await measureExit(0, bare("read-only", prompt), signal);
            return performance.now() - startedAt;
          },
          review: async () => (await measureExit(0, own, signal)).ms,
        },
        Math.min(runs, MOST_ROUNDS),
      );
    });
    const paths = Array.from({ length: FILES }, (_, at) => `src/f${at % 70}/m${at}.js`);
    const files = Object.fromEntries(paths.map((path, at) => [path, textOf(at)]));
    const anchoring = await inWorld({ signal, files, script: [] }, async (world) => {
      for (const path of paths)
        await appendFile(join(world.workspace, path), `export const last = (items) => ${path.length};\n`);
      const once = await anchorer(world, paths, signal);
      const samples: number[] = [];
      for (let round = 0; round < Math.min(runs, MOST_ROUNDS); round += 1) samples.push(await once());
      return samples;
    });
    return [
      figure("the two turns by codex exec --json", "ms", whole.bare),
      figure("ask_codex review", "ms", whole.review),
      ratio("review / bare", whole.review, whole.bare, 1.15),
      figure(`the places of ${FINDINGS} findings`, "ms", anchoring, 1_000),
    ];
  },
};

/** Every turn takes its time. */
function script(request: ModelRequest) {
  const slowly = (text: string) => say(text, TURN);
  const text = textIn(
    isRefuter(request) ? refuting(request, "confirmed") : reviewed(["cart.js"], finding("cart.js", FAULT)),
  );
  return toldTo(request).length === 0 ? say("Done.") : slowly(text);
}

function textIn({ items }: ReturnType<typeof say>): string {
  return items.map((item) => (item.type === "message" ? item.text : "")).join("");
}

function textOf(at: number): string {
  return Array.from({ length: 40 }, (_, line) => `export const v${line} = ${line * at};\n`).join("");
}

/** Finds the places of findings all over the change, each time from git. */
async function anchorer({ workspace, home }: World, paths: readonly string[], signal: AbortSignal) {
  const tree = await findWorkTree(workspace);
  if (tree === undefined) throw new Error("there is no work tree");
  const target = await resolveTarget({ type: "uncommitted" }, { tree, folder: join(home, "objects"), signal });
  const chosen = paths.filter((_, at) => at % (FILES / FINDINGS) === 0);
  return async () => {
    const startedAt = performance.now();
    const lookUp = await readFiles(target, chosen);
    const placed = chosen.map((path) =>
      placeFinding(finding(path, `export const last = (items) => ${path.length};`), "codex", lookUp),
    );
    const merged = mergeFindings([placed]);
    if (merged.filter(({ anchor }) => anchor.type === "exact").length !== FINDINGS)
      throw new Error("not all were found");
    return performance.now() - startedAt;
  };
}
