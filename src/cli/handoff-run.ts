import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { depthOf } from "../ask/environment.ts";
import { exitCodeOf, UsageError } from "../errors.ts";
import { exists } from "../files/exists.ts";
import type { Contract } from "../handoff/handoff.ts";
import type { HandoffOutcome } from "../handoff/handoff-outcome.ts";
import { toHandoffResult } from "../handoff/handoff-result.ts";
import { promptFor } from "../handoff/prompt.ts";
import { runHandoff as runUnderContract } from "../handoff/run-handoff.ts";
import type { OnViolation } from "../handoff/undo-violations.ts";
import { findWorkTree, type WorkTree } from "../workspace/find-work-tree.ts";
import { addWorktree } from "../workspace/managed-worktree.ts";
import { closingLines } from "./closing-lines.ts";
import { currentFolder, stateFolder } from "./folders.ts";
import { completeContract } from "./handoff-check.ts";
import type { RunWords } from "./handoff-commands.ts";
import { verdictLines, verdictPairs } from "./handoff-lines.ts";
import { handoffTree } from "./handoff-place.ts";
import { keyValues } from "./key-values.ts";
import { openRun } from "./open-run.ts";
import { preparePlan } from "./prepare-plan.ts";
import type { ProgressLines } from "./progress-lines.ts";
import { lines } from "./value-lines.ts";

/** `ask_codex handoff run`: the document is checked, Codex works by it, the work is judged. */
export async function runHandoff({ file, flags }: RunWords): Promise<number> {
  if (depthOf(process.env) > 0)
    throw new UsageError("ask_codex was called from inside one of its own runs; that would never end.");
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
    const outcome = await runUnderContract({ contract, ...place, plan, onViolation }, context);
    progress.stop();
    tell(outcome, flags.json, progress, flags.worktree ? place.tree.root : null);
    return exitCodeOf(outcome.status, outcome.signal);
  } finally {
    progress.stop();
  }
}

/** A worktree of HEAD that is Codex's alone; it stays, with whatever is in it. The document may not be committed yet. */
async function inWorktree(around: WorkTree, document: string, { document: inside }: Contract, folder: string) {
  const { folder: root } = await addWorktree(around, folder);
  const tree = await findWorkTree(root);
  if (tree === undefined) throw new Error(`git made no worktree in ${root}`);
  if (inside === null) return { tree, document };
  const own = join(root, inside);
  if (!(await exists(own))) {
    await mkdir(dirname(own), { recursive: true });
    await copyFile(document, own);
  }
  return { tree, document: own };
}

// Claude Code shows the head of a longer output only.
const MOST_BYTES = 8_190;

function tell(outcome: HandoffOutcome, json: boolean, progress: ProgressLines, worktree: string | null): void {
  const { run, status, signal } = outcome;
  if (run === null) return;
  const result = join(dirname(run.outputPath), "result.json");
  const text = json
    ? `${JSON.stringify(toHandoffResult(outcome))}\n`
    : keyValues({ ...run, status, signal }) +
      lines([...verdictPairs(outcome), ["worktree", worktree], ["result", result]]);
  const room = MOST_BYTES - progress.written() - (json ? 0 : Buffer.byteLength(text));
  for (const line of closingLines({ ...run, status, signal }, room, verdictLines(outcome))) progress.line(line);
  process.stdout.write(text);
}
