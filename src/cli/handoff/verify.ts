import { resolve } from "node:path";
import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import { findCodex } from "../../codex/find-codex.ts";
import { type CancelSignal, cancelSignalOf, exitCodeOf } from "../../errors.ts";
import { toHandoffResult } from "../../handoff/run/result.ts";
import { verifyHandoff } from "../../handoff/run/verify-handoff.ts";
import { childEnvironment } from "../../process/environment.ts";
import { oneLine } from "../../text/defuse.ts";
import { codexSearch } from "../edge/codex-search.ts";
import { ownEnvironment } from "../edge/environment.ts";
import { currentFolder, stateFolder } from "../edge/folders.ts";
import { requireState } from "../edge/output-path.ts";
import { cancelOnSignals } from "../edge/signals.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";
import { fitted, MOST_BYTES } from "../output/closing-lines.ts";
import { lines } from "../output/value-lines.ts";
import { completeContract } from "./check.ts";
import { verdictLines, verdictPairs } from "./lines.ts";
import type { InspectionFlags } from "./options.ts";
import { handoffTree } from "./place.ts";

interface VerifyFlags extends InspectionFlags {
  readonly base?: string;
  readonly sandboxChecks: boolean;
}

/** `ask_codex handoff verify`: work that is there already is judged, without Codex. */
export async function verify(file: string, flags: VerifyFlags): Promise<number> {
  const document = resolve(currentFolder(), file);
  const tree = await handoffTree(flags.workspace);
  const contract = await completeContract(document, tree.root, flags);
  if (contract === null) return 1;
  const state = stateFolder();
  await requireState(state);
  const signal = cancelOnSignals();
  let told = 0;
  const verification = {
    ...{ contract, tree, document, state, signal },
    base: flags.base ?? null,
    sandbox: contract.guardrails.sandboxChecks ? await findCodex(codexSearch()) : null,
    env: childEnvironment(ownEnvironment(), { clean: false, keep: [] }),
    checking: (command: string) => {
      const line = `[codex] checking: ${oneLine(command, 200)}\n`;
      told += Buffer.byteLength(line);
      writeErr(line);
    },
  };
  const verified = await verifyHandoff(verification).catch((error: unknown) => {
    if (!signal.aborted) throw error;
    return null;
  });
  if (verified === null) return cancelled(cancelSignalOf(signal.reason), flags.json);
  const { outcome, report, result } = verified;
  const { status } = outcome;
  const pairs = [["output_path", report], ["status", status], ...verdictPairs(outcome), ["result", result]] as const;
  const text = flags.json ? `${JSON.stringify(toHandoffResult(outcome))}\n` : lines(pairs);
  const room = MOST_BYTES - told - (flags.json ? 0 : Buffer.byteLength(text));
  for (const line of fitted(verdictLines(outcome), room)) writeErr(`${line}\n`);
  writeOut(text);
  return exitCodeOf(status);
}

/** Nothing was judged to its end. */
function cancelled(signal: CancelSignal, json: boolean): number {
  writeErr(`[codex] Ended by ${signal}: there is no verdict\n`);
  const exitCode = exitCodeOf("cancelled", signal);
  writeOut(
    json
      ? `${JSON.stringify({ schema_version: SCHEMA_VERSION, run_status: "cancelled", exit_code: exitCode, signal })}\n`
      : lines([
          ["status", "cancelled"],
          ["signal", signal],
        ]),
  );
  return exitCode;
}
