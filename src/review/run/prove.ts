import { join } from "node:path";
import type { AskPlan } from "../../ask/model/plan.ts";
import { type CodexCommand, findCodex } from "../../codex/find-codex.ts";
import { runSandboxed } from "../../codex/sandbox/run-sandboxed.ts";
import { messageOf } from "../../errors.ts";
import { runPaths } from "../../files/state-paths.ts";
import { replaceAt } from "../../files/write-place.ts";
import { makePrivateFolder, writeWhole } from "../../files/write-whole.ts";
import { oneLine } from "../../text/defuse.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { inScratchTree, type ScratchTree } from "../../workspace/worktree/scratch-worktree.ts";
import { PROVER_SCHEMA, type ProverAnswer, readProverAnswer } from "../answer/prover-answer.ts";
import type { Finding } from "../finding/finding.ts";
import { foldText } from "../finding/folded-text.ts";
import { identityOf } from "../finding/identity.ts";
import type { ReviewedFile } from "../finding/place-finding.ts";
import { type AddedFiles, addedFiles } from "../proof/added-files.ts";
import { proveFinding, type Trials } from "../proof/prove-finding.ts";
import { readFiles } from "../target/file-lookup.ts";
import type { Target } from "../target/target.ts";
import { planIn } from "../turn/isolation.ts";
import { proverPrompt } from "../turn/prompts.ts";
import type { Proof } from "../verdict/verdict.ts";
import type { ReviewContext } from "./request.ts";
import type { TurnTaker } from "./turn-taker.ts";
import { worktreePlace } from "./worktree-place.ts";

export interface Proving {
  readonly target: Target;
  /** The user's, before it is held to a place. */
  readonly plan: AskPlan;
  readonly taker: TurnTaker;
  readonly context: ReviewContext;
}

/**
 * Lets Codex write tests for these findings in a worktree that is gone afterwards, and runs them ourselves, in Codex's sandbox, on the
 * change and on what was before it; by finding id. The tests stay in the review's folder, as a patch.
 */
export async function proveFindings(
  findings: readonly Finding[],
  proving: Proving,
): Promise<ReadonlyMap<string, Proof>> {
  if (findings.length === 0) return new Map();
  try {
    return await proofsOf(findings, proving);
  } catch (error) {
    if (proving.taker.ended()) return new Map();
    // A repository without a commit, for example: what was found stands, proved or not.
    return new Map(findings.map(({ id }) => [id, untested(`no test could be written or run: ${messageOf(error)}`)]));
  }
}

async function proofsOf(findings: readonly Finding[], proving: Proving): Promise<ReadonlyMap<string, Proof>> {
  const { context, target, taker } = proving;
  const root = worktreePlace(context.state, context.reviewId, "proving");
  const { work } = target;
  const written = await inScratchTree(work, root, (scratch) => writeTests(findings, proving, scratch));
  if (written === null) return new Map();
  if (written.answer === null)
    return new Map(findings.map(({ id }) => [id, untested(`no test was written: ${written.reason}`)]));
  const { answer, added } = written;
  const texts = await readFiles(
    target,
    findings.map(({ path }) => path),
  );
  return inScratchTree(work, root, async (scratch) => {
    const bench = await benchOf(scratch, added, proving);
    const proofs = new Map<string, Proof>();
    for (const finding of findings) {
      if (taker.ended()) break;
      const own = answer.proofs.find(({ id }) => id === finding.id);
      const proof =
        own === undefined
          ? untested("no test was written: its writer left it out")
          : await proofOf(finding, own, { bench, file: texts(finding.path) });
      // A test that was ended with the review says nothing about the finding.
      if (!(proof.result === "not_reproduced" && taker.ended())) proofs.set(finding.id, proof);
    }
    return proofs;
  });
}

function untested(detail: string): Proof {
  return { result: "not_reproduced", command: null, patch: null, log: null, detail };
}

type Written =
  | { readonly answer: ProverAnswer; readonly added: AddedFiles | null }
  | { readonly answer: null; readonly reason: string | null };

/** Null: the review ended first. */
async function writeTests(
  findings: readonly Finding[],
  { target, plan, taker }: Proving,
  { root, put, record }: ScratchTree,
): Promise<Written | null> {
  const { work, before, after } = target;
  await put(after.tree);
  const tree = (await findWorkTree(root)) ?? work.tree;
  const place = planIn(plan, { tree, workspace: root, mode: "workspace-write" });
  const turn = { prompt: proverPrompt(target, findings), schema: PROVER_SCHEMA, read: readProverAnswer, plan: place };
  const end = await taker.take(turn, { kind: "prove", focus: null, files: 0 });
  if (end === null || (end.answer === null && taker.ended())) return null;
  const { answer, reason } = end;
  if (answer === null) return { answer, reason };
  return { answer, added: await addedFiles(work, { before: before.tree, after: after.tree }, await record()) };
}

/** Where tests run. */
interface Bench extends Proving {
  readonly scratch: ScratchTree;
  readonly codex: CodexCommand;
  readonly env: Readonly<Record<string, string>>;
  readonly trees: { readonly before: string; readonly after: string };
  readonly folder: string;
  readonly patch: string | null;
}

async function benchOf(scratch: ScratchTree, added: AddedFiles | null, proving: Proving): Promise<Bench> {
  const { context, target } = proving;
  const { env, search } = await context.turnContext();
  const folder = join(runPaths(context.state, context.reviewId).folder, "proof");
  await makePrivateFolder(folder);
  const patch = added === null ? null : join(folder, "tests.patch");
  if (added !== null && patch !== null) await writeWhole(patch, added.patch);
  const both = { before: target.before.tree, after: target.after.tree };
  const trees =
    added === null ? both : { before: await added.withThem(both.before), after: await added.withThem(both.after) };
  // Python compares compiled files with their source by the second and the size: versions that follow each other quickly look the same.
  return {
    ...proving,
    scratch,
    codex: await findCodex(search),
    env: { ...env, PYTHONDONTWRITEBYTECODE: "1" },
    trees,
    folder,
    patch,
  };
}

async function proofOf(
  finding: Finding,
  { command, why }: ProverAnswer["proofs"][number],
  { bench, file }: { readonly bench: Bench; readonly file: ReviewedFile | null },
): Promise<Proof> {
  const { patch } = bench;
  if (command === null || command.trim() === "")
    return { result: "not_reproduced", command: null, patch, log: null, detail: why };
  const log = join(bench.folder, `${finding.id}.log`);
  try {
    return { ...(await proveFinding(trialsOf(finding, command, { bench, file, log }))), command, patch, log };
  } catch (error) {
    const detail = `the test could not be run: ${messageOf(error)}`;
    return { result: "not_reproduced", command, patch, log, detail };
  }
}

// A single test; what takes longer says nothing that a reader would wait for.
const MOST_MS = 120_000;

function trialsOf(
  finding: Finding,
  command: string,
  { bench, file, log }: { readonly bench: Bench; readonly file: ReviewedFile | null; readonly log: string },
): Trials {
  const { scratch, codex, env, trees, taker, context } = bench;
  const run = async (tree: string, prepare: (root: string) => void = () => {}) => {
    await scratch.put(tree);
    prepare(scratch.root);
    context.say(`proving ${finding.id}: ${oneLine(command, 200)}`);
    const limitMs = Math.max(1, Math.min(MOST_MS, taker.leftMs()));
    const { signal } = context;
    return runSandboxed(codex, command, { cwd: scratch.root, env, limitMs, outputPath: log, signal });
  };
  const fixed = fixedText(finding, file);
  const { anchor } = finding;
  const former = anchor.type === "exact" && anchor.side === "new" ? (file?.texts.old ?? null) : null;
  return {
    onChange: () => run(trees.after),
    before: () => run(trees.before),
    withFix:
      fixed === null ? null : () => run(trees.after, (root) => replaceAt(join(root, finding.path), fixed, PLAIN)),
    codeIsOlder: former !== null && foldText(former).characters.includes(identityOf(finding, "").code),
  };
}

const PLAIN = { mode: 0o666 };

/** The file with the suggested change in the place of the quoted code; null: there is no such place or change. */
function fixedText({ anchor, suggestion }: Finding, file: ReviewedFile | null): string | null {
  const text = file?.texts.new ?? null;
  if (text === null || suggestion === null || anchor.type !== "exact" || anchor.side !== "new") return null;
  const lines = text.split("\n");
  return [...lines.slice(0, anchor.line - 1), suggestion, ...lines.slice(anchor.endLine)].join("\n");
}
