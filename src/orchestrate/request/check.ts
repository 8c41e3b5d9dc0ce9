import { join } from "node:path";
import { writeWhole } from "../../files/write-whole.ts";
import { faultsOf, type InspectionOptions, inspectDocument } from "../../handoff/check/inspect.ts";
import { phrasesIn } from "../../handoff/check/phrases.ts";
import { missingFields } from "../../handoff/check/required-fields.ts";
import { contractFor } from "../../handoff/contract/contract.ts";
import { type Policy, readPolicy } from "../../handoff/contract/policy.ts";
import type { Gap } from "../../handoff/document/gap.ts";
import type { Contract } from "../../handoff/document/handoff.ts";
import type { HandoffDocument } from "../../handoff/document/parsed.ts";
import { parseRequest } from "../../handoff/document/request.ts";
import { validationCommand } from "../../handoff/document/validation-command.ts";
import { type Bounds, beyondBounds } from "./bounds.ts";
import { documentOf } from "./document.ts";
import { kindOf } from "./kind.ts";
import { protectedPatterns } from "./protected.ts";
import type { DelegationRequest, ExecutorName, Refusal } from "./schema.ts";

/** A request that can be carried out, or all that keeps it from that. */
export type CheckedRequest =
  | {
      readonly ok: true;
      readonly contract: Contract;
      /** The request as a handoff document, in the delegation's folder. */
      readonly document: string;
      /** Its validation commands that the person has named, as they are run. */
      readonly trusted: readonly string[];
    }
  | { readonly ok: false; readonly refusals: readonly Refusal[] };

export interface CheckOptions extends InspectionOptions {
  readonly bounds: Bounds;
  readonly executor: ExecutorName;
  /** The delegation's own folder, which is there. */
  readonly folder: string;
}

/**
 * Holds a request against the rules of contracts, the policy of the work tree and the bounds that the person has set. Everything that is
 * wrong is found at once, and said so that a model can correct it.
 * @throws UsageError for a policy that cannot be read
 */
export async function checkRequest(request: DelegationRequest, options: CheckOptions): Promise<CheckedRequest> {
  const { bounds, executor, folder, root } = options;
  const beyond = [...beyondBounds(request, bounds), ...contradictions(request)];
  const policy = strict(await readPolicy(root, root));
  const path = join(folder, "request.json");
  const text = documentOf(request, bounds, policy);
  await writeWhole(path, text);
  const read = parseRequest(text);
  if (read.document === null) return { ok: false, refusals: [...beyond, ...read.gaps.map(refusalOf)] };
  const { contract, gaps } = await inspected(read.document, { ...options, request, policy, path });
  const refusals = [...beyond, ...gaps.map(refusalOf)];
  if (refusals.length > 0) return { ok: false, refusals };
  const named = new Set(bounds.validation.map((command) => command.trim()));
  const commands = contract.handoff.validation.map((written) => validationCommand(written).command);
  const trusted = commands.filter((command) => named.has(command));
  const bounded = { ...withinBounds(contract, bounds), rules: policy.executors[executor] };
  return { ok: true, contract: bounded, document: path, trusted };
}

/** The judge holds the work against all of it: a pattern of the request may reach further than the person allows. */
function withinBounds(contract: Contract, bounds: Bounds): Contract {
  const { scope } = contract.handoff;
  const forbid = [...scope.forbid, ...bounds.forbid, ...protectedPatterns(bounds.scope)];
  return { ...contract, handoff: { ...contract.handoff, scope: { ...scope, forbid } } };
}

interface Inspecting extends CheckOptions {
  readonly request: DelegationRequest;
  readonly policy: Policy;
  readonly path: string;
}

/** A task that changes nothing needs no scope, and one that only runs commands nothing but these. */
async function inspected(
  document: HandoffDocument,
  { request, policy, path, ...place }: Inspecting,
): Promise<{ readonly contract: Contract; readonly gaps: readonly Gap[] }> {
  const kind = kindOf(request.type);
  if (kind === "change") return inspectDocument(document, path, policy, place);
  const contract = await contractFor(document, path, place.root, policy);
  if (kind === "look")
    return { contract, gaps: [...missingFields(document, ["tasks"]), ...phrasesIn(document, policy).gaps] };
  const faults = await faultsOf(contract.handoff.validation, { ...place, mayChange: () => false });
  const gaps = [...faults].map(([command, fault]) => ({
    line: null,
    what: `\`${command}\` cannot be run: ${fault}.`,
    fix: "Correct the command.",
  }));
  return { contract, gaps: [...missingFields(document, ["validation"]), ...gaps] };
}

/** Vague phrases are refused wherever they stand: a model can say it better at once. A field that no request has cannot be required. */
function strict(policy: Policy): Policy {
  const requiredFields = policy.requiredFields.filter((name) => !NOT_IN_REQUESTS.has(name));
  return { ...policy, requiredFields, forbiddenPhrases: [...policy.forbiddenPhrases] };
}

const NOT_IN_REQUESTS: ReadonlySet<string> = new Set(["title", "changes_doc", "lessons", "notes", "guardrails"]);

function contradictions({ type, expect_files = [], commit }: DelegationRequest): readonly Refusal[] {
  if (kindOf(type) === "change") return [];
  const change = "Leave it out, or give the task the type implementation.";
  return [
    ...(expect_files.length > 0 ? [{ what: `A task of the type ${type} makes no files (expect_files).`, change }] : []),
    ...(commit === undefined ? [] : [{ what: `A task of the type ${type} has nothing to commit.`, change }]),
  ];
}

function refusalOf({ what, fix }: Gap): Refusal {
  return { what, change: fix };
}
