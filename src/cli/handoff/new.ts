import { join, relative, resolve } from "node:path";
import { asRefused, fileFault, isErrno, UsageError } from "../../errors.ts";
import { createAt } from "../../files/write-place.ts";
import { documentName, likelyValidation, newDocument } from "../../handoff/document/new.ts";
import { currentFolder } from "../edge/folders.ts";
import { outputPlace } from "../edge/output-place.ts";
import { writeErr, writeOut } from "../edge/stdio.ts";
import { lines } from "../output/value-lines.ts";
import { handoffTree } from "./place.ts";

/** `ask_codex handoff new`: an example to fill in, where nothing is yet. */
export async function newHandoff(about: string, { workspace }: { readonly workspace?: string }): Promise<number> {
  const name = documentName(about);
  const { root } = await handoffTree(workspace);
  const path = join(resolve(currentFolder(), workspace ?? "."), name.file);
  const place = outputPlace("The document", path, root);
  try {
    createAt(place, newDocument(name, await likelyValidation(root)), { mode: 0o666, folderMode: null });
  } catch (error) {
    if (isErrno(error, "EEXIST"))
      throw new UsageError(`There is something already, and it stays as it is: ${path}`, "Choose another name.");
    throw asRefused(error, `The document cannot be written: ${path} (${fileFault(error)})`);
  }
  writeOut(lines([["document", path]]));
  writeErr(`[codex] Fill it in, then: ask_codex handoff check ${relative(currentFolder(), path)}\n`);
  return 0;
}
