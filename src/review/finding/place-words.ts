import type { Anchor } from "./finding.ts";

/** A finding's place in words: `src/a.ts:12`, `src/a.ts:12 (removed)`, or the path alone where it has none. */
export function placeWords(path: string, anchor: Anchor): string {
  switch (anchor.type) {
    case "exact":
      return `${anchor.path}:${anchor.line}${anchor.side === "old" ? " (removed)" : ""}`;
    case "ambiguous":
      return `${anchor.path}:${anchor.lines.slice(0, 3).join(" or ")}${anchor.lines.length > 3 ? " or more" : ""}`;
    case "unanchored":
      return `${path} (place not found)`;
  }
}
