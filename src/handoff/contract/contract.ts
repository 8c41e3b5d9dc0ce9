import { realpath } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { UsageError } from "../../errors.ts";
import { readDocument } from "../document/document.ts";
import type { Contract, Guardrails, Handoff } from "../document/handoff.ts";
import type { HandoffDocument } from "../document/parsed.ts";
import type { Lesson } from "./lesson.ts";
import { matchingLessons } from "./lessons.ts";
import { namedFiles } from "./named-files.ts";
import { type Policy, readPolicy } from "./policy.ts";
import { wordCount } from "./prompt.ts";

/**
 * The document at `path` (absolute), the policy that is nearest to it, and the lessons that match: read once, before the run.
 * @throws UsageError for what cannot be read; the first of all gaps is named
 */
export async function loadContract(path: string, root: string): Promise<Contract> {
  const policy = await policyFor(path, root);
  const read = await readDocument(path, policy.headings);
  if (read.document === null) {
    const [first, ...more] = read.gaps;
    const where = first?.line == null ? path : `${path}:${first.line}`;
    const rest = more.length === 0 ? "" : ` (and ${more.length} more: see ask_codex handoff check)`;
    throw new UsageError(`${where}: ${first?.what}${rest}`, first?.fix);
  }
  return contractFor(read.document, path, root, policy);
}

/** The policy that is nearest to a document; for one outside of the work tree, the root's. */
export async function policyFor(path: string, root: string): Promise<Policy> {
  const inside = await pathInTree(path, root);
  return readPolicy(inside === null ? root : dirname(join(root, inside)), root);
}

/** What a run is held to, with everything that the policy and the lessons add to the document. */
export async function contractFor(
  { handoff }: HandoffDocument,
  path: string,
  root: string,
  policy: Policy,
): Promise<Contract> {
  const { files } = handoff.scope;
  const allowed = [...files, ...handoff.expectFiles];
  const learned = await matchingLessons(join(root, policy.lessons), allowed);
  return {
    handoff,
    document: await pathInTree(path, root),
    policy: policy.path,
    lessonsFile: policy.lessons,
    guardrails: guardrailsFor(handoff, policy),
    rules: policy.executors.codex,
    lessons: [...handoff.lessons, ...asManyAsFit(learned)],
  };
}

// Enough for a task that names two or three files and leaves the others open.
const USUAL_FILES = 5;

function guardrailsFor(handoff: Handoff, policy: Policy): Guardrails {
  const maxFiles = policy.guardrails.maxFiles ?? Math.max(USUAL_FILES, namedFiles(handoff).size);
  const stated = handoff.guardrails as Partial<Guardrails>;
  // A document may ask for the sandbox, and not do without one that the project wants.
  const sandboxChecks = policy.guardrails.sandboxChecks || stated.sandboxChecks === true;
  return { ...policy.guardrails, maxFiles, ...stated, sandboxChecks };
}

// A prompt has 500 words for everything; what was learned long ago is in the file.
const MOST_LESSON_WORDS = 120;

function asManyAsFit(lessons: readonly Lesson[]): readonly string[] {
  let words = 0;
  const texts = lessons.map(({ kind, text }) => `${LEADS[kind]}${text}`);
  return texts.filter((text) => {
    words += wordCount(text);
    return words <= MOST_LESSON_WORDS;
  });
}

const LEADS: Readonly<Record<Lesson["kind"], string>> = {
  pattern: "Do: ",
  "anti-pattern": "Avoid: ",
  "quality-bar": "Expected: ",
};

/** Null: it lies outside. */
async function pathInTree(path: string, root: string): Promise<string | null> {
  const inside = relative(root, join(await realpath(dirname(path)), basename(path)));
  return inside.startsWith("..") ? null : inside.split(sep).join("/");
}
