import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { exitCodeOf } from "../errors.ts";
import { runPaths } from "../files/state-paths.ts";
import type { Contract } from "../handoff/handoff.ts";
import type { HandoffOutcome } from "../handoff/handoff-outcome.ts";
import { toHandoffResult } from "../handoff/handoff-result.ts";
import { promptFor } from "../handoff/prompt.ts";
import { runHandoff as runUnderContract } from "../handoff/run-handoff.ts";
import type { OnViolation } from "../handoff/undo-violations.ts";
import { findWorkTree, type WorkTree } from "../workspace/find-work-tree.ts";
import { addWorktree, removeWorktree } from "../workspace/managed-worktree.ts";
import { closingLines, MOST_BYTES } from "./closing-lines.ts";
import { currentFolder, stateFolder } from "./folders.ts";
import { completeContract } from "./handoff-check.ts";
import type { RunWords } from "./handoff-commands.ts";
import { verdictLines, verdictPairs } from "./handoff-lines.ts";
import { handoffTree } from "./handoff-place.ts";
import { keyValues } from "./key-values.ts";
import { openRun } from "./open-run.ts";
import { preparePlan } from "./prepare-plan.ts";
import type { ProgressLines } from "./progress-lines.ts";
import { refuseInside } from "./refuse-inside.ts";
import { lines } from "./value-lines.ts";

/** `ask_codex handoff run`: the document is checked, Codex works by it, the work is judged. */
export async function runHandoff({ file, flags }: RunWords): Promise<number> {
  refuseInside("ask_codex");
  const state = stateFolder();
  const document = resolve(currentFolder(), file);
  const around = await handoffTree(flags.workspace);
  const contract = await completeContract(document, around.root, flags.json);
  if (contract === null) return 1;
  const { context, progress } = await openRun(flags, state);
  try {
    const prompt = promptFor(contract, contract.document ?? document);
    // The rounds are the contract's, whose checks the flags know nothing of.
    const prepared = await preparePlan(
      { ...flags, workspace: around.root, verifyRounds: 0 },
      prompt,
      currentFolder(),
      state,
    );
    const place = flags.worktree
      ? await inWorktree(around, document, contract, join(state, "worktrees", context.runId))
      : { tree: around, document };
    const checks = { ...prepared.checks, verifyRounds: flags.verifyRounds };
    const plan = { ...prepared, checks, workspace: place.tree.root };
    const onViolation = flags.onViolation as OnViolation;
    const worktree = flags.worktree ? place.tree.root : null;
    const outcome = await runUnderContract({ contract, ...place, plan, onViolation }, context).catch(async (error) => {
      if (worktree !== null) await removeWorktree(around.root, worktree);
      throw error;
    });
    // Where Codex never got to work, there is nothing in it.
    const unused = worktree !== null && outcome.run?.sessionId === null;
    if (unused) await removeWorktree(around.root, worktree);
    progress.stop();
    tell(outcome, flags.json, progress, {
      worktree: unused ? null : worktree,
      result: runPaths(state, context.runId).result,
    });
    return exitCodeOf(outcome.status, outcome.signal);
  } finally {
    progress.stop();
  }
}

/** A worktree of HEAD that is Codex's alone, with the document as it is here: it may not be committed, or not as it is now. */
async function inWorktree(around: WorkTree, document: string, { document: inside }: Contract, folder: string) {
  const { folder: root } = await addWorktree(around, folder);
  const tree = await findWorkTree(root);
  if (tree === undefined) throw new Error(`git made no worktree in ${root}`);
  if (inside === null) return { tree, document };
  const own = join(root, inside);
  await mkdir(dirname(own), { recursive: true });
  await copyFile(document, own);
  return { tree, document: own };
}

function tell(
  outcome: HandoffOutcome,
  json: boolean,
  progress: ProgressLines,
  { worktree, result }: { readonly worktree: string | null; readonly result: string },
): void {
  const { run, status, signal } = outcome;
  if (run === null) return;
  const text = json
    ? `${JSON.stringify(toHandoffResult(outcome))}\n`
    : keyValues({ ...run, status, signal }) +
      lines([...verdictPairs(outcome), ["worktree", worktree], ["result", result]]);
  const room = MOST_BYTES - progress.written() - (json ? 0 : Buffer.byteLength(text));
  for (const line of closingLines({ ...run, status, signal }, room, verdictLines(outcome))) progress.line(line);
  process.stdout.write(text);
}
