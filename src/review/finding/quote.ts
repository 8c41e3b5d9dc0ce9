/** A quote as it is looked for. */
export interface Quote {
  /** What to look for on the new side. */
  readonly now: string;
  /** What to look for on the old side; the same, unless the quote was cut out of a diff. */
  readonly before: string;
  /** Its diff lines were all removed ones: it speaks of the old side. */
  readonly removed: boolean;
  /** The first lines of the hunk that a diff header in it names; null without one. */
  readonly hunk: { readonly before: number; readonly after: number } | null;
}

/** Reads a quote as models write them: fenced, cut out of a diff with its signs and header, with line numbers, with an ellipsis. */
export function readQuote(text: string): Quote {
  const lines = withoutFence(text.replaceAll("\r\n", "\n").split("\n"));
  const header = lines.map((line) => HUNK.exec(line)).find((match) => match !== null) ?? null;
  const content = withoutEllipsis(lines.filter((line) => !HUNK.test(line)));
  const hunk = header === null ? null : { before: Number(header[1]), after: Number(header[2]) };
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

const HUNK = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/;

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

/** `12: code` or `12 | code`, in every line and counting up. */
function withoutNumbers(lines: readonly string[]): readonly string[] {
  const marked = lines.map((line) => /^\s*(\d+)\s?[:|]\s?(.*)$/.exec(line));
  const numbers = marked.flatMap((match) => (match === null ? [] : [Number(match[1])]));
  const filled = lines.filter((line) => line.trim() !== "").length;
  const counting = numbers.every((number, at) => at === 0 || number > (numbers[at - 1] ?? 0));
  if (filled < 2 || numbers.length < filled || !counting) return lines;
  return marked.map((match, at) => (match === null ? (lines[at] ?? "") : (match[2] ?? "")));
}
