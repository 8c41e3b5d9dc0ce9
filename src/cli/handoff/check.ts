import { relative, resolve } from "node:path";
import { SCHEMA_VERSION } from "../../ask/report/result.ts";
import { type Inspection, type InspectionOptions, inspectHandoff } from "../../handoff/check/inspect.ts";
import type { Gap } from "../../handoff/document/gap.ts";
import type { Contract, Guardrails } from "../../handoff/document/handoff.ts";
import { oneLine } from "../../text/defuse.ts";
import { ownEnvironment } from "../edge/environment.ts";
import { currentFolder } from "../edge/folders.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import type { InspectionFlags } from "./options.ts";
import { handoffTree } from "./place.ts";

/** `ask_codex handoff check`: every gap at once, each with its line and what to do about it. */
export async function check(file: string, { workspace, json }: InspectionFlags): Promise<number> {
  const document = resolve(currentFolder(), file);
  const { root } = await handoffTree(workspace);
  return report(document, await inspectHandoff(document, placeAt(root)), json);
}

function report(document: string, inspection: Inspection, json: boolean): number {
  const ready = inspection.gaps.length === 0;
  if (json) writeOut(`${JSON.stringify(toJson(document, inspection))}\n`);
  else {
    tell(document, inspection);
    const { contract, gaps, warnings, words } = inspection;
    writeOut(
      lines([
        ["document", document],
        ["task_id", contract?.handoff.taskId ?? null],
        ["gaps", gaps.length],
        ["warnings", warnings.length],
        ["lessons", contract?.lessons.length ?? null],
        ["words", contract === null ? null : words],
        ["ready", ready ? "yes" : "no"],
      ]),
    );
  }
  return ready ? 0 : 1;
}

/**
 * The contract of a document without gaps, with what the flags add. Null: there are gaps, and they have been printed.
 * @throws UsageError when the document, the policy or the lessons cannot be read
 */
export async function completeContract(
  document: string,
  root: string,
  { json, sandboxChecks }: Pick<InspectionFlags, "json"> & { readonly sandboxChecks: boolean },
): Promise<Contract | null> {
  const inspection = await inspectHandoff(document, placeAt(root));
  const { contract, gaps } = inspection;
  if (gaps.length === 0) return contract && { ...contract, guardrails: guarded(contract.guardrails, sandboxChecks) };
  if (json) writeOut(`${JSON.stringify({ ...toJson(document, inspection), status: "failed" })}\n`);
  else {
    tell(document, { ...inspection, warnings: [] });
    writeOut(
      lines([
        ["document", document],
        ["gaps", gaps.length],
        ["status", "failed"],
      ]),
    );
  }
  return null;
}

function guarded(guardrails: Guardrails, sandboxChecks: boolean): Guardrails {
  return { ...guardrails, sandboxChecks: guardrails.sandboxChecks || sandboxChecks };
}

function placeAt(root: string): InspectionOptions {
  return { root, searchPath: ownEnvironment()["PATH"] ?? "" };
}

/** Paths are printed as they would be typed here. */
function tell(document: string, { gaps, warnings }: Inspection): void {
  const here = relative(currentFolder(), document);
  const name = here.startsWith("..") ? document : here;
  const told = ({ line, what, fix }: Gap) => oneLine(`${name}${line === null ? "" : `:${line}`}: ${what} ${fix}`, 600);
  const all = [...gaps.map(told), ...warnings.map((warning) => `[WARNING] ${told(warning)}`)];
  writeErr(all.map((line) => `${line}\n`).join(""));
}

function toJson(document: string, { contract, gaps, warnings, words }: Inspection): object {
  return {
    schema_version: SCHEMA_VERSION,
    document,
    task_id: contract?.handoff.taskId ?? null,
    ready: gaps.length === 0,
    gaps,
    warnings,
    lessons: contract?.lessons ?? [],
    words: contract === null ? null : words,
  };
}
