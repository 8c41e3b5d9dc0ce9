import { expect, test } from "vitest";
import { brokenInterfaces } from "../../../src/handoff/judge/kept-interfaces.ts";
import { changed, contract, facts } from "../../support/samples/handoff.ts";

const before = "export const LIMIT: number = 5;\n";

function broken({ task, after, written = "lib/a.ts#LIMIT" }: { task: string; after: string; written?: string }) {
  const handed = contract({ interfaces: [written], tasks: [{ text: task, line: 1 }] });
  const moved = changed("lib/b/a.ts", { kind: "renamed", from: "lib/a.ts", before, after });
  const interfaceFiles = new Map([["lib/a.ts", { before, after: null }]]);
  return brokenInterfaces(handed, facts({ files: [moved], interfaceFiles }));
}

test.each(["lib/a.ts#LIMIT", "lib/a.ts: export const LIMIT: number"])(
  "%s holds where its file went, if a task moves it",
  (written) => {
    expect(broken({ task: "Move lib/a.ts to lib/b/.", after: before, written })).toEqual([]);
    const wider = before.replace("number", "number | null");
    expect(broken({ task: "Move lib/a.ts to lib/b/.", after: wider, written })).toMatchObject([
      { type: "broken", path: "lib/b/a.ts" },
    ]);
  },
);

test("a file that went elsewhere unasked has broken its interface, and is named where it is", () => {
  expect(broken({ task: "In lib/a.ts raise the limit.", after: before })).toMatchObject([
    { type: "broken", path: "lib/a.ts", message: expect.stringContaining("lib/a.ts is lib/b/a.ts now") },
  ]);
});
