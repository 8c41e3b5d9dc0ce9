import { readdir } from "node:fs/promises";
import { join } from "node:path";

export type EntryKind = "file" | "link" | "other";

/** Everything below a folder but the folders themselves, by relative path. Links are named, never followed: what lies behind one is elsewhere. */
export async function entriesBelow(folder: string, prefix = ""): Promise<ReadonlyMap<string, EntryKind>> {
  const found = new Map<string, EntryKind>();
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(prefix, entry.name);
    if (entry.isDirectory()) for (const below of await entriesBelow(folder, path)) found.set(...below);
    else found.set(path, entry.isFile() ? "file" : entry.isSymbolicLink() ? "link" : "other");
  }
  return found;
}
