import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Contract } from "../../../src/handoff/document/handoff.ts";
import { isViolation } from "../../../src/handoff/judge/finding.ts";
import { judge } from "../../../src/handoff/judge/judge.ts";
import { type OnViolation, undoViolations } from "../../../src/handoff/run/undo-violations.ts";
import { holdTree } from "../../support/git/hold-tree.ts";
import {
  committed,
  emptyRepository,
  type Repository,
  scratchFolder,
  workTreeOf,
} from "../../support/git/repository.ts";
import { contract } from "../../support/samples/handoff.ts";
import { workIn } from "../../support/work-in.ts";

const held = contract({ scope: { files: ["src/**"], forbid: [".env"] } }, { maxFiles: 50 });

test("when the files of the work tree cannot be put back, the ignored ones stay as well", async () => {
  const repository = emptyRepository();
  repository.write(".gitignore", ".env\n");
  repository.write(".env", "KEY=1\n");
  const undone = await undo("stash", repository, held, () => {
    repository.write(".env", "KEY=2\n");
    repository.write("more.txt", "m\n");
  });
  expect(undone).toMatchObject({ type: "refused", reason: expect.stringContaining("no commit yet") });
  expect(readFileSync(join(repository.root, ".env"), "utf8")).toBe("KEY=2\n");
  expect(existsSync(join(repository.root, "more.txt"))).toBe(true);
});

test("when the ignored files cannot be put back, the others stay as well", async () => {
  const repository = committed({ ".gitignore": ".env\n", "a.txt": "a\n" });
  repository.write(".env", "KEY=1\n");
  const undone = await undo(
    "revert",
    repository,
    held,
    () => {
      repository.remove(".env");
      repository.write("a.txt", "b\n");
    },
    () => repository.write(".env/in-the-way", "made since\n"),
  );
  expect(undone).toMatchObject({ type: "refused", reason: expect.stringContaining(".env") });
  expect(readFileSync(join(repository.root, "a.txt"), "utf8")).toBe("b\n");
});

test("what was written into the offending files since they were judged is taken away with them, and in the patch", async () => {
  const repository = committed({ "a.txt": "a\n", "gone.txt": "g\n", "src/own.ts": "o\n" });
  const undone = await undo(
    "revert",
    repository,
    held,
    () => {
      repository.write("a.txt", "b\n");
      repository.write("new.txt", "n\n");
      repository.write("short.txt", "s\n");
      repository.remove("gone.txt");
      repository.write("src/own.ts", "mine\n");
    },
    () => {
      repository.write("a.txt", "b\nformatted\n");
      repository.write("new.txt", "n\nformatted\n");
      repository.remove("short.txt");
      repository.write("src/own.ts", "mine\nformatted\n");
    },
  );
  expect(undone).toMatchObject({ type: "reverted", paths: ["a.txt", "gone.txt", "new.txt"] });
  expect(repository.git("status", "--porcelain")).toBe(" M src/own.ts");
  repository.git("apply", join((undone as { readonly patches: string }).patches, "changes.patch"));
  expect(readFileSync(join(repository.root, "new.txt"), "utf8")).toBe("n\nformatted\n");
});

test("nothing is looked at while another process of ours writes into the tree", async () => {
  const repository = committed({ "a.txt": "a\n", "b.txt": "b\n" });
  let writing: Promise<void> | undefined;
  const undone = await undo(
    "revert",
    repository,
    held,
    () => repository.write("a.txt", "changed\n"),
    async (state) => {
      const tree = await workTreeOf(repository.root);
      const holding = await holdTree({ tree, state }, () => repository.write("a.txt", "a batch's\n"));
      writing = holding.done;
    },
  );
  await writing;
  expect(undone).toMatchObject({ type: "reverted", paths: ["a.txt"] });
  const { patches } = undone as { readonly patches: string };
  expect(readFileSync(join(patches, "changes.patch"), "utf8")).toContain("+a batch's\n");
});

async function undo(
  what: OnViolation,
  repository: Repository,
  of: Contract,
  edit: () => unknown,
  later: (state: string) => unknown = () => {},
) {
  const [work] = await workIn(repository, of, [edit]);
  if (work === undefined) throw new Error("no round");
  const { facts, ignoredTrees, changes, folder, place } = work;
  const findings = judge(of, facts).filter(isViolation);
  const state = scratchFolder("state");
  await later(state);
  const judged = { facts, findings, ignoredTrees, standing: null, formerRun: null, reason: null, said: null };
  const { tree, snapshots } = place;
  return undoViolations(what, { tree, state, snapshots, folder, taskId: "t", judged, changes, cancelled: false });
}
