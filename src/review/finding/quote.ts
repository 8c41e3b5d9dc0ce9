import type { Hunk } from "../../workspace/git/hunks.ts";

/** A quote as it is looked for. */
export interface Quote {
  /** What to look for on the new side. */
  readonly now: string;
  /** What to look for on the old side; the same, unless the quote was cut out of a diff. */
  readonly before: string;
  /** Its diff lines were all removed ones: it speaks of the old side. */
  readonly removed: boolean;
  /** The hunk that a diff header in it names; null without one. */
  readonly hunk: Hunk | null;
}

/** Reads a quote as models write them: fenced, cut out of a diff with its signs and header, with line numbers, with an ellipsis. */
export function readQuote(text: string): Quote {
  const lines = withoutFence(text.replaceAll("\r\n", "\n").split("\n"));
  const header = lines.map((line) => HUNK.exec(line)).find((match) => match !== null) ?? null;
  const content = withoutEllipsis(lines.filter((line) => !HUNK.test(line)));
  const hunk = header === null ? null : hunkOf(header);
  const signed = content.filter((line) => line.trim() !== "");
  const isDiff =
    signed.length > 0 && signed.every((line) => /^[-+ ]/.test(line)) && signed.some((line) => /^[-+]/.test(line));
  if (!isDiff) {
    const plain = withoutNumbers(content).join("\n");
    return { now: plain, before: plain, removed: false, hunk };
  }
  const side = (dropped: string) =>
    content
      .filter((line) => !line.startsWith(dropped))
      .map((line) => line.slice(1))
      .join("\n");
  return { now: side("-"), before: side("+"), removed: !signed.some((line) => line.startsWith("+")), hunk };
}

const HUNK = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

function hunkOf([, start, count = "1", newStart, newCount = "1"]: RegExpExecArray): Hunk {
  return {
    before: { start: Number(start), count: Number(count) },
    after: { start: Number(newStart), count: Number(newCount) },
  };
}

function withoutFence(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => line.trim() !== "");
  const last = lines.findLastIndex((line) => line.trim() !== "");
  const fenced =
    first < last && /^\s*(```|~~~)/.test(lines[first] ?? "") && /^\s*(```|~~~)\s*$/.test(lines[last] ?? "");
  return fenced ? lines.slice(first + 1, last) : lines;
}

/** Dots at either end say that the quote was cut there. */
function withoutEllipsis(lines: readonly string[]): readonly string[] {
  return lines
    .join("\n")
    .replace(/^\s*(?:\.\.\.|…)[ \t]*\n/, "")
    .replace(/(?:\n\s*(?:\.\.\.|…)|…)\s*$/, "")
    .split("\n");
}

/** A single line without the number before it; null: there is none. It may be code (`12: "twelve",`), so the quote itself comes first. */
export function withoutNumber(text: string): string | null {
  return /^\d+\s?[:|]\s*(\S.*)$/.exec(text.trim())?.[1] ?? null;
}

/** `12: code` or `12 | code`, in every line and counting up. */
function withoutNumbers(lines: readonly string[]): readonly string[] {
  const marked = lines.map((line) => /^\s*(\d+)\s?[:|]\s?(.*)$/.exec(line));
  const numbers = marked.flatMap((match) => (match === null ? [] : [Number(match[1])]));
  const filled = lines.filter((line) => line.trim() !== "").length;
  const counting = numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
  if (filled < 2 || numbers.length < filled || !counting) return lines;
  return marked.map((match, at) => (match === null ? (lines[at] ?? "") : (match[2] ?? "")));
}
