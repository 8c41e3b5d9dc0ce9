import { isNamedMove } from "../contract/named-deletions.ts";
import type { Contract } from "../document/handoff.ts";
import { parseInterface } from "../document/interface-entry.ts";
import type { Facts, Texts } from "../facts/facts.ts";
import { type BrokenInterface, brokenInterface } from "./interfaces.ts";

/**
 * The interfaces of a document that do not hold. Callers reach them by path, so a file that went elsewhere has broken them, unless a
 * task says that it, or its folder, is moved or renamed: then the same must stand where it went.
 */
export function brokenInterfaces(
  { handoff }: Contract,
  { files, interfaceFiles }: Facts,
): readonly (BrokenInterface & { readonly path: string })[] {
  return handoff.interfaces.flatMap((written) => {
    const entry = parseInterface(written);
    const texts = entry && interfaceFiles.get(entry.path);
    if (!entry || !texts) return [];
    const moved = texts.after === null ? files.find(({ from }) => from === entry.path) : undefined;
    const named = moved !== undefined && isNamedMove(entry.path, handoff.tasks);
    const judged: Texts = named ? { before: texts.before, after: moved.after } : texts;
    const path = named ? moved.path : entry.path;
    const broken = brokenInterface({ ...entry, path }, judged);
    if (broken === null) return [];
    const went =
      moved !== undefined && !named ? ` ${entry.path} is ${moved.path} now, and no task says that it moves.` : "";
    return [{ ...broken, path, message: `${broken.message}${went}` }];
  });
}
