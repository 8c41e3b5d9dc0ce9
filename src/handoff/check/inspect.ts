import { inBatches } from "../../bounds/in-batches.ts";
import { listFiles } from "../../workspace/git/list-files.ts";
import { contractFor, policyFor } from "../contract/contract.ts";
import type { Policy } from "../contract/policy.ts";
import { ownWordsOf, promptFor } from "../contract/prompt.ts";
import { readDocument } from "../document/document.ts";
import type { Gap } from "../document/gap.ts";
import type { Contract } from "../document/handoff.ts";
import type { HandoffDocument } from "../document/parsed.ts";
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
  /** What Codex would be sent; empty without a contract. */
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
  return inspectDocument(read.document, path, policy, place);
}

/** The same for a document that has been read; `path` is where it lies, or would lie. */
export async function inspectDocument(
  document: HandoffDocument,
  path: string,
  policy: Policy,
  place: InspectionOptions,
): Promise<Inspection & { readonly contract: Contract }> {
  const { root } = place;
  const { handoff } = document;
  const contract = await contractFor(document, path, root, policy);
  const prompt = promptFor(contract, contract.document ?? path);
  const words = ownWordsOf(handoff);
  const files = await listFiles(root, "own");
  const allowed = [...handoff.scope.files, ...handoff.expectFiles].map(pathPattern);
  const mayChange = (file: string) => allowed.some(({ matches }) => matches(file));
  const commandFaults = await faultsOf(handoff.validation, { ...place, mayChange });
  let ignored: Promise<readonly string[]> | undefined;
  const ignoredFiles = () => (ignored ??= listFiles(root, "ignored"));
  return {
    contract,
    gaps: gapsIn(document, {
      policy,
      guardrails: contract.guardrails,
      files,
      words,
      commandFaults,
    }),
    warnings: [...warningsIn(document, policy, words), ...(await unmatched(document, root, files, ignoredFiles))],
    prompt,
    words,
  };
}

/** Validation commands that cannot be run, and why. */
export async function faultsOf(
  commands: readonly string[],
  context: CommandContext,
): Promise<ReadonlyMap<string, string>> {
  const faults = await inBatches(commands, async (written) => {
    const fault = await commandFault(validationCommand(written).command, context);
    return fault === null ? [] : [[written, fault] as const];
  });
  return new Map(faults.flat());
}
