import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { git } from "../git/git.ts";
import { document, found, handoff, type Written } from "../handoffs.ts";
import { run, say } from "../model/replies.ts";
import { createWorld } from "../world.ts";

/** Work that keeps to its document. */
export interface Honest extends Written {
  readonly name: string;
  /** Its only task, as the document has it. */
  readonly task: string;
  /** What Codex runs. */
  readonly work: string;
}

/** Lets Codex do each of these works on the same files, one after the other, and expects that nothing is found. */
export async function expectCompleted(
  files: Readonly<Record<string, string>>,
  works: readonly Honest[],
): Promise<void> {
  const script = works.flatMap(({ work }) => [run(work), say("It is done.\n\nDONE")]);
  await using world = await createWorld({ files, script });
  const first = (await git(world.workspace, "rev-parse", "HEAD")).trim();
  for (const { name, task, work: _, ...written } of works) {
    const text = document(written).replace(/^1\. .*$/m, () => `1. ${task}`);
    await writeFile(
      join(world.workspace, "CODEX-HONEST.md"),
      name.includes("a line") ? text.replaceAll("\n", "\r\n") : text,
    );
    const ended = await handoff(world, ["run", "CODEX-HONEST.md", "--verify-rounds", "0"]);
    expect({ name, code: ended.code, found: found(ended), notes: ended.code === 0 ? "" : ended.stderr }).toEqual({
      name,
      code: 0,
      found: [],
      notes: "",
    });
    await git(world.workspace, "reset", "--quiet", "--hard", first);
    await git(world.workspace, "clean", "--quiet", "-fd");
  }
}
