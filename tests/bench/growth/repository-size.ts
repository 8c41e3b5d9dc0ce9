import { say } from "../../support/model/replies.ts";
import { fillRepository } from "../fill-repository.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { type Curve, type Point, point } from "./curve.ts";

/** A task that changes nothing, in repositories of many files. */
export async function repositorySize(rounds: number, signal: AbortSignal): Promise<readonly Curve[]> {
  const [writing, reading]: [Point[], Point[]] = [[], []];
  for (const size of [100, 5_000, 50_000]) {
    await inWorld({ signal, script: () => say("Done."), git: false, files: {} }, async (world) => {
      await fillRepository(world.workspace, size);
      const { ask } = await contestants(world);
      writing.push(await point(size, ask("Do it."), rounds, signal));
      reading.push(await point(size, ask("--read-only", "Do it."), rounds, signal));
    });
  }
  return [
    { of: "files in the repository", what: "one task", points: writing },
    { of: "files in the repository", what: "one task --read-only", points: reading },
  ];
}
