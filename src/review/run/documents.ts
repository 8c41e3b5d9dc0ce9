import { realpath } from "node:fs/promises";
import { relative } from "node:path";
import { inBatches } from "../../bounds/in-batches.ts";
import { messageOf, UsageError } from "../../errors.ts";
import { readPlain } from "../../files/read-plain.ts";
import { readBlobs } from "../../workspace/git/read-blobs.ts";
import { baseInstructions, type NamedDocument } from "../target/base-documents.ts";
import type { Target } from "../target/target.ts";
import type { ReviewRequest } from "./request.ts";

/**
 * What the change is compared with. A document that the change itself edits is taken as it was before: a change does not write the rules
 * of its own review.
 */
export async function documentsOf(
  wanted: ReviewRequest["documents"],
  target: Target,
): Promise<readonly NamedDocument[]> {
  const instructions = await baseInstructions(target);
  const given = await inBatches(wanted, (document) => readDocument(document, target));
  return [...instructions.map(({ name, text }) => ({ name: `${name} as it was before the change`, text })), ...given];
}

async function readDocument(
  { name, path }: ReviewRequest["documents"][number],
  { work, before, files }: Target,
): Promise<NamedDocument> {
  const inside = relative(await realpath(work.tree.root), await realpath(path).catch(() => path));
  const changed = files.find((file) => file.path === inside);
  if (changed === undefined || changed.kind === "added") {
    try {
      return { name, text: readPlain(path, { follow: true }) };
    } catch (error) {
      throw new UsageError(`${name} cannot be read: ${messageOf(error)}`, "Name a document of the repository.");
    }
  }
  const former = changed.from ?? inside;
  const text = (await readBlobs(work, before.tree, [former])).get(former) ?? null;
  if (text === null)
    throw new UsageError(`${name} cannot be read as it was before the change`, "Name a document that the base has.");
  return { name: `${name} as it was before the change`, text };
}
