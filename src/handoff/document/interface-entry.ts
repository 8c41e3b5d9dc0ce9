/** One entry of `interfaces`, taken apart. */
export type InterfaceEntry =
  /** `src/user.ts#User`: a symbol whose declaration stays as it is. */
  | { readonly type: "symbol"; readonly path: string; readonly symbol: string }
  /** `src/user.ts: export function load(id: string): User`: a text that the file holds. */
  | { readonly type: "text"; readonly path: string; readonly text: string };

/** Null: it is neither of both. */
export function parseInterface(entry: string): InterfaceEntry | null {
  const [, symbolPath, symbol] =
    /^(\S.*?)#([\p{L}_$][\p{L}\p{N}_$]*(?:(?:\.|::|#)[\p{L}_$][\p{L}\p{N}_$?!]*)*)$/u.exec(entry.trim()) ?? [];
  if (symbolPath !== undefined && symbol !== undefined) return { type: "symbol", path: tidy(symbolPath), symbol };
  const [, path, text] = /^(\S.*?):\s+(\S.*)$/s.exec(entry.trim()) ?? [];
  return path === undefined || text === undefined ? null : { type: "text", path: tidy(path), text };
}

function tidy(path: string): string {
  return path.replace(/^(\.\/)+/, "");
}
