import { anchorQuote, searchedFile } from "../../../src/review/finding/anchor.ts";
import type { Anchor } from "../../../src/review/finding/finding.ts";
import { type Edit, lineAfter } from "./edited-text.ts";
import { drawer, type SeededFault, versionsOf } from "./seeded-faults.ts";

/** What a scripted reviewer makes of the code that it quotes. */
export const DISTORTIONS = {
  none: ({ code }) => code,
  "re-indented": ({ code, draw }) => code.replace(/^[ \t]*/gm, " ".repeat(draw(12))),
  CRLF: ({ code }) => code.replaceAll("\n", "\r\n"),
  wrapped: ({ code, draw }) => code.replaceAll(" ", () => (draw(3) === 0 ? "\n    " : " ")),
  cut: ({ code, draw }) => code.slice(draw(4), Math.max(8, code.length - 1 - draw(20))),
  fenced: ({ code }) => `\`\`\`\n${code}\n\`\`\``,
  numbered: ({ code, line }) =>
    code
      .split("\n")
      .map((text, at) => `${line + at}: ${text}`)
      .join("\n"),
  signed: ({ code, side }) => code.replace(/^/gm, side === "new" ? "+" : "-"),
  moved: ({ code, line, draw }) => {
    const named = Math.max(1, line + draw(81) - 40);
    return `@@ -${named},3 +${named},3 @@\n${code}`;
  },
} satisfies Record<string, (quote: TrueQuote) => string>;

/** Where equal code stands a second time. */
export const TWINS = ["nowhere", "in the file", "in the change"] as const;

export type Distortion = keyof typeof DISTORTIONS;

interface TrueQuote {
  readonly code: string;
  readonly side: "new" | "old";
  /** Its first line, from 1. */
  readonly line: number;
  readonly draw: (below: number) => number;
}

export interface Told {
  readonly anchor: Anchor;
  /** `right`: the very lines. `open`: several places, or none. `wrong`: a place that is another one. */
  readonly verdict: "right" | "open" | "wrong";
  readonly quote: string;
  readonly truth: { readonly side: "new" | "old"; readonly line: number; readonly endLine: number };
}

export interface Telling {
  readonly distortion: Distortion;
  readonly twin: (typeof TWINS)[number];
  readonly seed: number;
}

/** Puts what a reviewer quotes of a fault into its place, and holds that against the truth. */
export function anchorDistorted(fault: SeededFault, { distortion, twin, seed }: Telling): Told {
  const draw = drawer(seed);
  const { source, at, now } = fault;
  const side = now === null ? "old" : "new";
  // A deleted line is quoted alone: what is around it is on the other side.
  const quoted = [
    now ?? source.lines[at] ?? "",
    ...source.lines.slice(at + 1, at + 1 + (side === "old" ? 0 : draw(3))),
  ];
  while ((quoted.at(-1) ?? "").trim() === "") quoted.pop();
  const { versions, line } = withTwin(fault, quoted, { twin, away: at + 10 + draw(30) });
  const truth = { side, line, endLine: line + quoted.length - 1 } as const;
  const quote = DISTORTIONS[distortion]({ code: quoted.join("\n"), side, line, draw });
  const anchor = anchorQuote(quote, searchedFile(versions));
  return { anchor, verdict: verdictOf(anchor, truth), quote, truth };
}

/** The file of a fault with a copy of the quoted lines elsewhere, and the line that the fault then has on its side. */
function withTwin(
  fault: SeededFault,
  quoted: readonly string[],
  { twin, away }: { readonly twin: (typeof TWINS)[number]; readonly away: number },
) {
  const { source, at, now } = fault;
  const there = away % source.lines.length;
  const apart = there < at || there > at + quoted.length;
  if (twin === "nowhere" || !apart) return { versions: versionsOf(fault), line: at + 1 };
  const copy: Edit = { at: there, removed: 0, added: quoted };
  // What is removed here and added there is looked for where it was added first.
  if (twin === "in the change" && now !== null)
    return { versions: versionsOf(fault, [copy]), line: lineAfter(at, [copy]) };
  const lines = source.lines.toSpliced(there, 0, ...quoted);
  const moved = { ...fault, source: { ...source, lines }, at: lineAfter(at, [copy]) - 1 };
  return { versions: versionsOf(moved), line: moved.at + 1 };
}

function verdictOf(anchor: Anchor, truth: Told["truth"]): Told["verdict"] {
  if (anchor.type === "unanchored") return "open";
  if (anchor.side !== truth.side) return "wrong";
  if (anchor.type === "ambiguous") return anchor.lines.includes(truth.line) ? "open" : "wrong";
  return anchor.line === truth.line && anchor.endLine <= truth.endLine ? "right" : "wrong";
}
