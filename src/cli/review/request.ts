import { basename, resolve } from "node:path";
import { fileFault, UsageError } from "../../errors.ts";
import { parseShallowJson } from "../../files/json-line.ts";
import { readPlain } from "../../files/read-plain.ts";
import type { ReportedFinding } from "../../review/finding/finding.ts";
import { readOthers } from "../../review/finding/others.ts";
import { memoryFolder, reviewIds } from "../../review/memory/memory.ts";
import type { ReviewRequest } from "../../review/run/request.ts";
import type { TargetRequest } from "../../review/target/target.ts";
import { requireWorkTree, type WorkTree } from "../../workspace/git/find-work-tree.ts";
import { file } from "../command/flag-values.ts";
import { preparePlan } from "../command/prepare-plan.ts";
import { currentFolder } from "../edge/folders.ts";
import { outputPlace } from "../edge/output-place.ts";
import type { ReviewFlags } from "./options.ts";

/** A review as its command line asks for it. */
export interface ReviewCall {
  readonly request: ReviewRequest;
  readonly outputPath: string | null;
  readonly sarifPath: string | null;
  readonly json: boolean;
  readonly format: "text" | "github";
}

const MOST_REVIEWERS = 5;

/**
 * Finds every fault of the command line that can be found without Codex.
 * @throws UsageError
 */
export async function reviewCall(flags: ReviewFlags, state: string): Promise<ReviewCall> {
  const here = currentFolder();
  const target = targetFrom(flags);
  if (flags.panel < 1 || flags.panel > MOST_REVIEWERS) throw new UsageError(`--panel takes 1 to ${MOST_REVIEWERS}.`);
  if (flags.prove && !flags.refute)
    throw new UsageError("--prove tests what a refuter confirmed: leave out --no-refute.");
  const { output, ...codex } = flags;
  const plan = await preparePlan({ ...NO_TASK, ...codex }, "Review.", here, state);
  const tree = await treeAt(plan.workspace ?? here);
  const { panel, refute, prove, maxTurns, maxTokens, focus, adversarial, failOn, minSeverity } = flags;
  return {
    request: {
      target,
      tree,
      plan,
      focus: focus ?? null,
      adversarial,
      documents: [
        ...(flags.plan === undefined ? [] : [await document("The plan", "--plan", flags.plan)]),
        ...(flags.checklist === undefined ? [] : [await document("The checklist", "--checklist", flags.checklist)]),
      ],
      budget: { panel, refute, prove, maxTurns },
      maxTokens: maxTokens === 0 ? null : maxTokens,
      failOn: failOn ?? null,
      minSeverity: minSeverity ?? null,
      others: flags.mergeWith === undefined ? [] : othersFrom(flags.mergeWith),
      since: await sinceFrom(flags.since, tree, state),
    },
    outputPath: output === undefined ? null : outputPlace("--output", resolve(here, output), tree.root),
    sarifPath: flags.sarif === undefined ? null : outputPlace("--sarif", resolve(here, flags.sarif), tree.root),
    json: flags.json,
    format: flags.format,
  };
}

/** What a plan needs, and a review has none of. */
const NO_TASK = {
  file: [],
  image: [],
  fork: false,
  readOnly: true,
  fullAuto: false,
  network: false,
  addDir: [],
  expectFile: [],
  verifyRounds: 0,
  sandboxChecks: false,
} as const;

function targetFrom({ uncommitted, base, commit, range }: ReviewFlags): TargetRequest {
  const given = [uncommitted || undefined, base, commit, range].filter((value) => value !== undefined);
  if (given.length > 1) {
    throw new UsageError("A review has one target: give one of --uncommitted, --base, --commit and --range.");
  }
  if (base !== undefined) return { type: "base", ref: base };
  if (commit !== undefined) return { type: "commit", ref: commit };
  if (range === undefined) return { type: "uncommitted" };
  const [, from, to] = /^(.+?)\.\.\.?(.+)$/.exec(range) ?? [];
  if (from === undefined || to === undefined) throw new UsageError(`--range ${range} is not of the form A..B.`);
  return { type: "range", from, to };
}

function treeAt(folder: string): Promise<WorkTree> {
  const hint = "Run it in a repository, or name one with -w.";
  return requireWorkTree(folder, { why: "A review compares what git has", hint });
}

async function document(name: string, flag: string, path: string) {
  return { name: `${name} ${basename(path)}`, path: await file(flag, path, currentFolder()) };
}

function othersFrom(path: string): readonly ReportedFinding[] {
  let value: unknown;
  try {
    value = parseShallowJson(readPlain(resolve(currentFolder(), path)));
  } catch (error) {
    throw new UsageError(`--merge-with ${path} cannot be read: ${fileFault(error)}`);
  }
  const findings = readOthers(value);
  if (findings !== null) return findings;
  throw new UsageError(`--merge-with ${path} holds no findings, in our form or Claude Code's.`);
}

async function sinceFrom(since: string | undefined, tree: WorkTree, state: string): Promise<string | null> {
  if (since === undefined) return null;
  const ids = reviewIds(await memoryFolder(state, tree));
  const found = since === "last" ? ids.at(-1) : ids.find((id) => id.startsWith(since));
  if (found === undefined) throw new UsageError(`--since ${since}: this repository has no such review.`);
  return found;
}
