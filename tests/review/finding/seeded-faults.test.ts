import fc from "fast-check";
import { expect, test } from "vitest";
import { anchorQuote, searchedFile } from "../../../src/review/finding/anchor.ts";
import { wholeHunk } from "../../../src/workspace/git/hunks.ts";

// Words that make lines which resemble each other, as those of real code do.
const line = fc
  .tuple(fc.constantFrom("let", "return", "if", "call", "set"), fc.constantFrom("a", "b", "ab", "total"), fc.nat(4))
  .map(([verb, name, value]) => `${verb} ${name} = ${value};`);
const lines = (least: number, most: number) => fc.array(line, { minLength: least, maxLength: most });

const seeded = fc.record({
  above: lines(0, 40),
  fault: lines(1, 4),
  below: lines(0, 40),
  removed: lines(0, 3),
});

type Distortion = (quote: string) => string;

/** What reviewers do to code that they quote, and which leaves no doubt what they mean. */
const distortion: fc.Arbitrary<Distortion> = fc.constantFrom<Distortion>(
  (quote) => quote,
  (quote) => quote.replace(/^/gm, "      "),
  (quote) => quote.replaceAll("\n", "\r\n"),
  (quote) => quote.replaceAll(" = ", "\n  = "),
  (quote) => `\`\`\`ts\n${quote}\n\`\`\``,
  (quote) => quote.replace(/^/gm, "+"),
  (quote) => quote.slice(0, Math.max(1, quote.length - 2)),
);

const runs = { numRuns: Number(process.env["CASES"] ?? 300) };

test("a quote from a change is found where it stands, or is not found; never elsewhere", () => {
  fc.assert(
    fc.property(seeded, distortion, ({ above, fault, below, removed }, distort) => {
      const now = [...above, ...fault, ...below].join("\n");
      const before = [...above, ...removed, ...below].join("\n");
      const hunks = [wholeHunk(before, now)];
      const anchor = anchorQuote(distort(fault.join("\n")), searchedFile({ path: "a.ts", now, before, hunks }));
      const truth = above.length + 1;
      if (anchor.type === "ambiguous") expect(anchor.lines.length).toBeGreaterThan(1);
      if (anchor.type !== "exact" || anchor.side === "old") return;
      // Where equal lines meet, git and we may both put the change a little earlier or later: the text at the place decides.
      const found = now
        .split("\n")
        .slice(anchor.line - 1, anchor.endLine)
        .join("\n");
      const equal = now
        .split("\n")
        .slice(truth - 1, truth - 1 + fault.length)
        .join("\n");
      expect(equal.startsWith(found) || found.startsWith(equal)).toBe(true);
    }),
    runs,
  );
});

test("a quote of unique code is found exactly, however it is written", () => {
  fc.assert(
    fc.property(seeded, distortion, fc.nat(1_000_000), ({ above, fault, below, removed }, distort, salt) => {
      const own = fault.map((text, at) => `${text} // ${salt}.${at}`);
      const now = [...above, ...own, ...below].join("\n");
      const before = [...above, ...removed, ...below].join("\n");
      const hunks = [wholeHunk(before, now)];
      const anchor = anchorQuote(distort(own.join("\n")), searchedFile({ path: "a.ts", now, before, hunks }));
      expect(anchor).toMatchObject({ type: "exact", line: above.length + 1, endLine: above.length + own.length });
    }),
    runs,
  );
});
