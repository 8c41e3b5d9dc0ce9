import type { Shelf } from "../../../src/fleet/engine/engine.ts";

/** A shelf in this process's memory, for what travels over one. */
export function memoryShelf(): Shelf & { readonly names: () => readonly string[] } {
  const lists = new Map<string, readonly Buffer[]>();
  const at = (batch: string, name: string) => `${batch} ${name}`;
  return {
    names: () => [...lists.keys()],
    put: async (batch, name, bytes) => void lists.set(at(batch, name), [bytes]),
    get: async (batch, name) => lists.get(at(batch, name))?.[0] ?? null,
    append: async (batch, name, bytes) =>
      void lists.set(at(batch, name), [...(lists.get(at(batch, name)) ?? []), bytes]),
    list: async (batch, name) => lists.get(at(batch, name)) ?? [],
    drop: async (batch, name) => void lists.delete(at(batch, name)),
    clear: async () => lists.clear(),
  };
}
