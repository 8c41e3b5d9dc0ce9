import { createHash } from "node:crypto";
import { relative, resolve } from "node:path";
import { loadRole, type RolePlaces } from "../../ask/prompt/role.ts";
import { inBatches } from "../../bounds/in-batches.ts";
import { messageOf, UsageError } from "../../errors.ts";
import { type InspectionOptions, inspectHandoff } from "../../handoff/check/inspect.ts";
import type { Contract } from "../../handoff/document/handoff.ts";
import { type Fault, fault } from "../plan/fault.ts";
import type { TaskFields } from "../plan/schema.ts";
import type { BatchTask } from "../plan/task.ts";

/** Where the tasks of a plan are looked at. */
export interface TaskPlaces extends InspectionOptions {
  /** The package's own roles. */
  readonly roles: RolePlaces["own"];
}

export interface ReadTasks {
  readonly tasks: readonly BatchTask[];
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** The tasks of a plan, with what their documents and roles say; every fault of theirs. */
export async function readTasks(given: readonly TaskFields[], places: TaskPlaces): Promise<ReadTasks> {
  const read = await inBatches(given, (task) => readTask(task, places));
  return {
    tasks: read.map(({ task }) => task),
    faults: read.flatMap(({ faults }) => faults),
    warnings: read.flatMap(({ warnings }) => warnings),
  };
}

/** The contract of a task's document, as it is now, with a hash of all that it is made from. */
export async function contractOf(path: string, places: InspectionOptions) {
  const inspection = await inspectHandoff(path, places);
  return { ...inspection, hash: createHash("sha256").update(JSON.stringify(inspection.contract)).digest("hex") };
}

async function readTask(given: TaskFields, places: TaskPlaces) {
  const { id, prompt, handoff } = given;
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  if ((prompt === undefined) === (handoff === undefined))
    faults.push(fault(id, "It has neither prompt nor handoff, or both", "Give it one of them."));
  const role = await roleOf(given, places, faults);
  let document: { readonly path: string; readonly contract: Contract | null; readonly hash: string } | null = null;
  if (handoff !== undefined) {
    const said = OF_THE_DOCUMENT.filter((name) => given[name] !== undefined);
    if (said.length > 0)
      faults.push(fault(id, `${said.join(", ")} cannot stand beside handoff`, "Say it in the document."));
    document = await documentOf(id, resolve(places.root, handoff), places, { faults, warnings });
  }
  return { task: asTask(given, document, given.sandbox ?? role?.sandbox ?? "workspace-write"), faults, warnings };
}

/** The document says these itself. */
const OF_THE_DOCUMENT = ["files", "read", "expect_files", "verify_cmd"] as const;

async function roleOf({ id, role }: TaskFields, { roles, root }: TaskPlaces, faults: Fault[]) {
  if (role === undefined) return null;
  try {
    return await loadRole(role, { own: roles, workspace: root });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    faults.push(fault(id, messageOf(error), error.hint));
    return null;
  }
}

async function documentOf(
  id: string,
  path: string,
  places: TaskPlaces,
  found: { readonly faults: Fault[]; readonly warnings: Fault[] },
) {
  try {
    const { contract, gaps, warnings, hash } = await contractOf(path, places);
    const name = relative(places.root, path);
    const told = ({ line, what, fix }: (typeof gaps)[number]) =>
      fault(id, `${name}${line === null ? "" : `:${line}`}: ${what}`, fix);
    found.faults.push(...gaps.map(told));
    found.warnings.push(...warnings.map(told));
    return { path, contract, hash };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    found.faults.push(fault(id, messageOf(error), error.hint));
    return null;
  }
}

function asTask(
  given: TaskFields,
  document: { readonly path: string; readonly contract: Contract | null; readonly hash: string } | null,
  sandbox: string,
): BatchTask {
  const handoff = document?.contract?.handoff;
  const files = handoff === undefined ? given.files : [...handoff.scope.files, ...handoff.expectFiles];
  return {
    id: given.id,
    prompt: given.prompt ?? null,
    handoff: document && { path: document.path, hash: document.hash },
    after: [...new Set([...(given.after ?? []), ...(handoff?.after ?? [])])],
    files: files ?? null,
    writes: sandbox !== "read-only",
    read: given.read ?? [],
    sandbox: given.sandbox ?? null,
    role: given.role ?? null,
    model: given.model ?? null,
    reasoning: given.reasoning ?? null,
    verifyCommand: given.verify_cmd ?? null,
    verifyRounds: given.verify_rounds ?? null,
    expectFiles: given.expect_files ?? [],
    timeout: given.timeout ?? null,
    idleTimeout: given.idle_timeout ?? null,
  };
}
