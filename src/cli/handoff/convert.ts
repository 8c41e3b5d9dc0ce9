import { resolve } from "node:path";
import { isErrno, messageOf, UsageError } from "../../errors.ts";
import { realPlace } from "../../files/real-place.ts";
import { createAt } from "../../files/write-place.ts";
import { readDocument } from "../../handoff/document/document.ts";
import { toMarkdown, toRequest } from "../../handoff/document/write.ts";
import { findWorkTree } from "../../workspace/git/find-work-tree.ts";
import { currentFolder } from "../edge/folders.ts";
import { writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";

/** `ask_codex handoff convert`: the other form of a document, on stdout or in a new file. */
export async function convert(file: string, { output }: { readonly output?: string }): Promise<number> {
  const path = resolve(currentFolder(), file);
  const read = await readDocument(path);
  if (read.document === null) {
    const [first] = read.gaps;
    throw new UsageError(`${file}:${first?.line ?? 1}: ${first?.what}`, first?.mend);
  }
  const { handoff, form } = read.document;
  const text = form === "markdown" ? toRequest(handoff) : toMarkdown(handoff);
  if (output === undefined) {
    writeOut(text);
    return 0;
  }
  const target = resolve(currentFolder(), output);
  const tree = await findWorkTree(currentFolder()).catch(() => undefined);
  try {
    createAt(realPlace(target, tree?.root ?? null), text, { mode: 0o666, folderMode: null });
  } catch (error) {
    if (isErrno(error, "EEXIST"))
      throw new UsageError(`There is something already, and it stays as it is: ${target}`, "Choose another name.");
    throw new UsageError(`--output cannot be written: ${target} (${messageOf(error)})`);
  }
  writeOut(lines([["document", target]]));
  return 0;
}
