import { resolve } from "node:path";
import { asRefused, fileFault, isErrno, UsageError } from "../../errors.ts";
import { createAt } from "../../files/write-place.ts";
import { readOrDraft } from "../../handoff/document/document.ts";
import { toMarkdown, toRequest } from "../../handoff/document/write.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { currentFolder } from "../edge/folders.ts";
import { outputPlace } from "../edge/output-place.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";

/** `ask_codex handoff convert`: the other form of a document, on stdout or in a new file; for a plan without front matter that. */
export async function convert(file: string, { output }: { readonly output?: string }): Promise<number> {
  const path = resolve(currentFolder(), file);
  const text = await converted(path, file);
  if (output === undefined) {
    writeOut(text);
    return 0;
  }
  const target = resolve(currentFolder(), output);
  const tree = await findWorkTree(currentFolder()).catch(() => undefined);
  const place = outputPlace("--output", target, tree?.root ?? null);
  try {
    createAt(place, text, { mode: 0o666, folderMode: null });
  } catch (error) {
    if (isErrno(error, "EEXIST"))
      throw new UsageError(`There is something already, and it stays as it is: ${target}`, "Choose another name.");
    throw asRefused(error, `--output cannot be written: ${target} (${fileFault(error)})`);
  }
  writeOut(lines([["document", target]]));
  return 0;
}

/** The other form; of a plan without front matter, the same plan with one that is drafted from its sections. */
async function converted(path: string, file: string): Promise<string> {
  const { document, gaps, draft } = await readOrDraft(path);
  if (document !== null)
    return document.form === "markdown" ? toRequest(document.handoff) : toMarkdown(document.handoff);
  if (draft !== null) return toMarkdown(draft);
  const [first] = gaps;
  throw new UsageError(`${file}:${first?.line ?? 1}: ${first?.what}`, first?.fix);
}
