import type { BenchContext, Benchmark } from "../benchmark.ts";
import { changedFiles } from "../growth/changed-files.ts";
import { type Curve, rowsOf } from "../growth/curve.ts";
import { floods } from "../growth/floods.ts";
import { oldRuns } from "../growth/old-runs.ts";
import { repositorySize } from "../growth/repository-size.ts";
import { sessionsAtOnce } from "../growth/sessions-at-once.ts";

const MOST_ROUNDS = 3;

/** How the cost grows with what there is. The curves themselves are kept for the charts. */
export const growth: Benchmark & { readonly curves: readonly Curve[] } = {
  name: "growth",
  title: "Growth: ten times as much costs at most ten times as much",
  curves: [],
  async run({ runs, signal }: BenchContext) {
    const rounds = Math.min(runs, MOST_ROUNDS);
    const curves = [
      ...(await changedFiles(rounds, signal)),
      ...(await repositorySize(rounds, signal)),
      ...(await oldRuns(rounds, signal)),
      ...(await floods(1, signal)),
      ...(await sessionsAtOnce(signal)),
    ];
    Object.assign(growth, { curves });
    return curves.flatMap(rowsOf);
  },
};
