import { inBatches } from "../../bounds/in-batches.ts";
import { listFiles } from "../../workspace/git/list-files.ts";
import { contractFor, policyFor } from "../contract/contract.ts";
import { ownWordsOf, promptFor } from "../contract/prompt.ts";
import { readDocument } from "../document/document.ts";
import type { Gap } from "../document/gap.ts";
import type { Contract } from "../document/handoff.ts";
import { validationCommand } from "../document/validation-command.ts";
import { pathPattern } from "../patterns/patterns.ts";
import { gapsIn } from "./document.ts";
import { type CommandContext, commandFault } from "./known-commands.ts";
import { unmatched } from "./unmatched.ts";
import { warningsIn } from "./warnings.ts";

/** What a look at a document came to. It is ready when there is no gap. */
export interface Inspection {
  /** Null: it could not be read as a document. */
  readonly contract: Contract | null;
  readonly gaps: readonly Gap[];
  readonly warnings: readonly Gap[];
  /** What Codex would be told; empty without a contract. */
  readonly prompt: string;
  /** How many words of that are the document's own. */
  readonly words: number;
}

/** Where the root of the work tree is, and where programs of validation commands are looked for. */
export type InspectionOptions = Omit<CommandContext, "mayChange">;

/**
 * Reads a document (`path` is absolute) with policy and lessons, once, and finds every gap in it.
 * @throws UsageError when there is no such file, or policy or lessons cannot be read
 */
export async function inspectHandoff(path: string, place: InspectionOptions): Promise<Inspection> {
  const { root } = place;
  const policy = await policyFor(path, root);
  const read = await readDocument(path, policy.headings);
  if (read.document === null) return { contract: null, gaps: read.gaps, warnings: [], prompt: "", words: 0 };
  const { document } = read;
  const { handoff } = document;
  const contract = await contractFor(document, path, root, policy);
  const prompt = promptFor(contract, contract.document ?? path);
  const words = ownWordsOf(handoff);
  const files = await listFiles(root, "own");
  const allowed = [...handoff.scope.files, ...handoff.expectFiles].map(pathPattern);
  const mayChange = (file: string) => allowed.some(({ matches }) => matches(file));
  const faults = await inBatches(handoff.validation, async (command) => {
    const fault = await commandFault(validationCommand(command).command, { ...place, mayChange });
    return fault === null ? [] : [[command, fault] as const];
  });
  let ignored: Promise<readonly string[]> | undefined;
  const ignoredFiles = () => (ignored ??= listFiles(root, "ignored"));
  return {
    contract,
    gaps: gapsIn(document, {
      policy,
      guardrails: contract.guardrails,
      files,
      words,
      commandFaults: new Map(faults.flat()),
    }),
    warnings: [...warningsIn(document, policy, words), ...(await unmatched(document, root, files, ignoredFiles))],
    prompt,
    words,
  };
}
