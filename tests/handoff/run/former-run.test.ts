import { expect, test } from "vitest";
import { documentMark, formerRun } from "../../../src/handoff/run/former-run.ts";
import { appendLedger } from "../../../src/ledger/ledger.ts";
import { committed, scratchFolder, workTreeOf } from "../../support/git/repository.ts";
import { contract } from "../../support/samples/handoff.ts";
import { entry } from "../../support/samples/ledger.ts";

const signal = new AbortController().signal;
const HELD = contract({ scope: { files: ["src/**"], forbid: [] }, commit: "Do it\n\nWith care." });

test("the commit of a document is found by its message, a file of its scope, and the document as it is", async () => {
  const repository = committed({ "src/a.ts": "1\n", "CODEX-AUTH.md": "plan\n" });
  const place = { tree: await workTreeOf(repository.root), state: scratchFolder("state"), signal };
  const commit = (path: string, text: string, message: string) => {
    repository.write(path, text);
    repository.git("add", "--all");
    repository.git("commit", "--quiet", "--message", message);
    return repository.git("rev-parse", "HEAD");
  };
  commit("docs/a.md", "1\n", "Do it");
  commit("src/a.ts", "2\n", "Do it twice");
  expect(await formerRun(HELD, place)).toBeNull();
  const made = commit("src/a.ts", "3\n", "Do it");
  expect(await formerRun(HELD, place)).toBe(`commit ${made.slice(0, 12)}`);
  repository.write("CODEX-AUTH.md", "another plan\n");
  expect(await formerRun(HELD, place)).toBeNull();
});

test("the ledger has a run of the same document: here, completed, and saying the same on whatever lines", async () => {
  const repository = committed({ "src/a.ts": "1\n" });
  const tree = await workTreeOf(repository.root);
  const place = { tree, state: scratchFolder("state"), signal };
  const counted = async (verdict: string, project: string, document?: string) => {
    const facts = { task_id: "auth-001", type: "bugfix", verdict, violations: [], failures: [], committed: true };
    const handoff = { ...facts, ...(document === undefined ? {} : { document }) };
    expect(await appendLedger(place.state, entry({ kind: "handoff", project, handoff }))).toBeNull();
  };
  const mark = documentMark(HELD);
  await counted("completed", tree.root);
  await counted("failed", tree.root, mark);
  await counted("completed", "/elsewhere", mark);
  await counted("completed", tree.root, documentMark(contract({ commit: "Something else" })));
  expect(await formerRun(HELD, place)).toBeNull();
  await counted("completed", tree.root, mark);
  const tasks = HELD.handoff.tasks.map(({ text }) => ({ text, line: 12 }));
  expect(await formerRun({ ...HELD, handoff: { ...HELD.handoff, tasks } }, place)).toMatch(/^run 2026.* of 2026-/);
});
