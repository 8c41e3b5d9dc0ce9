import { run, say } from "../../support/model/replies.ts";
import { isToolResult } from "../after-tool.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { type Curve, point } from "./curve.ts";

/** One command in the sandbox writes the files; each of them is evidence. */
export async function changedFiles(rounds: number, signal: AbortSignal): Promise<readonly Curve[]> {
  const points = [];
  for (const size of [1, 10, 100]) {
    const command = `for i in $(seq ${size}); do date +%N > file-$i.txt; done`;
    const script = (request: Parameters<typeof isToolResult>[0]) =>
      isToolResult(request) ? say("Done.") : run(command);
    points.push(
      await inWorld({ signal, script }, async (world) => {
        const { ask } = await contestants(world);
        return point(size, ask("Do it."), rounds, signal);
      }),
    );
  }
  return [{ of: "changed files", what: "one task", points }];
}
