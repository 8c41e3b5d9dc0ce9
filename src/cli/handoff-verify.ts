import { resolve } from "node:path";
import { childEnvironment } from "../ask/environment.ts";
import { type CancelSignal, exitCodeOf } from "../errors.ts";
import { toHandoffResult } from "../handoff/handoff-result.ts";
import { verifyHandoff as verifyUnderContract } from "../handoff/verify-handoff.ts";
import { currentFolder, stateFolder } from "./folders.ts";
import { completeContract } from "./handoff-check.ts";
import type { VerifyWords } from "./handoff-commands.ts";
import { verdictLines, verdictPairs } from "./handoff-lines.ts";
import { handoffTree } from "./handoff-place.ts";
import { requireState } from "./output-path.ts";
import { cancelOnSignals } from "./signals.ts";
import { lines } from "./value-lines.ts";

/** `ask_codex handoff verify`: work that is there already is judged, without Codex. */
export async function verifyHandoff({ file, flags }: VerifyWords): Promise<number> {
  const document = resolve(currentFolder(), file);
  const tree = await handoffTree(flags.workspace);
  const contract = await completeContract(document, tree.root, flags.json);
  if (contract === null) return 1;
  const state = stateFolder();
  await requireState(state);
  const signal = cancelOnSignals();
  const verification = {
    ...{ contract, tree, document, state, signal },
    base: flags.base ?? null,
    env: childEnvironment(process.env, { clean: false, keep: [] }),
    checking: (command: string) => void process.stderr.write(`[codex] checking: ${command}\n`),
  };
  const verified = await verifyUnderContract(verification).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return null;
  });
  if (verified === null) return exitCodeOf("cancelled", signal.reason as CancelSignal);
  const { outcome, report, result } = verified;
  const { status } = outcome;
  for (const line of verdictLines(outcome)) process.stderr.write(`${line}\n`);
  const pairs = [["output_path", report], ["status", status], ...verdictPairs(outcome), ["result", result]] as const;
  process.stdout.write(flags.json ? `${JSON.stringify(toHandoffResult(outcome))}\n` : lines(pairs));
  return exitCodeOf(status);
}
