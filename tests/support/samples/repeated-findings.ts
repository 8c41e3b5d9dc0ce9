import { searchedFile } from "../../../src/review/finding/anchor.ts";
import type { Finding, ReportedFinding } from "../../../src/review/finding/finding.ts";
import { identityOf } from "../../../src/review/finding/identity.ts";
import { mergeFindings } from "../../../src/review/finding/merge.ts";
import { placeFinding } from "../../../src/review/finding/place-finding.ts";
import { compareWithMemory } from "../../../src/review/memory/compare.ts";
import { foldMemory } from "../../../src/review/memory/known-finding.ts";
import { type SeededFault, versionsOf } from "./seeded-faults.ts";

/** What lies between two reviews of one fault: other words, or an edit elsewhere. */
export const REPEATS = {
  reworded: (told) => ({
    ...told,
    reported: { ...told.reported, title: "Off by one", severity: "blocker", scenario: "" },
  }),
  "re-indented": (told) => ({ ...told, reported: { ...told.reported, code: `\t\t${told.reported.code}` } }),
  moved: ({ fault, reported }) => {
    const above = Array.from({ length: 25 }, (_, at) => `# line ${at} that somebody put in`);
    const lines = [...above, ...fault.source.lines];
    return { fault: { ...fault, source: { ...fault.source, lines }, at: fault.at + above.length }, reported };
  },
  renamed: ({ fault, reported }) => {
    const path = `renamed/${fault.source.path}`;
    return { fault: { ...fault, source: { ...fault.source, path } }, reported: { ...reported, path } };
  },
  "quoted with the next line": ({ fault, reported }) => {
    const next = fault.source.lines[fault.at + 1] ?? "";
    return { fault, reported: { ...reported, code: `${reported.code}\n${next}` } };
  },
} satisfies Record<string, (told: ToldFault) => ToldFault>;

export type Repeat = keyof typeof REPEATS;

interface ToldFault {
  readonly fault: SeededFault;
  readonly reported: ReportedFinding;
}

/** Whether a second review knows the fault again, under its id. */
export function isKnownAgain(fault: SeededFault, repeat: Repeat): boolean {
  const told = { fault, reported: reportOf(fault) };
  const first = placed(told);
  const { id, category, symbol, path, title, severity } = first;
  const { code } = identityOf(first, symbol);
  const entry = { id, category, symbol, code, path, title, severity };
  const at = "2026-01-01T00:00:00Z";
  const known = [...foldMemory([{ type: "review", review: "r", at, findings: [entry], resolved: [] }]).values()];
  const second = placed(REPEATS[repeat](told));
  const renamed = new Map([[first.path, second.path]]);
  const [again] = compareWithMemory([second], known, { covered: new Set(), renamed }).findings;
  return again?.id === first.id && again.state === "persisting";
}

/** How many findings a panel's list of these has, when two voices report every one of them in words of their own. */
export function mergedCount(faults: readonly SeededFault[]): number {
  const first = faults.map((fault) => placed({ fault, reported: reportOf(fault) }));
  const second = faults.map((fault) => placed(REPEATS.reworded({ fault, reported: reportOf(fault) })));
  return mergeFindings([first, second]).length;
}

function reportOf({ source, at, now }: SeededFault): ReportedFinding {
  return {
    ...{ title: "Wrong condition", severity: "major", confidence: 0.9, category: "correctness" },
    ...{ scenario: "The last one is left out.", path: source.path, suggestion: null },
    code: now ?? source.lines[at] ?? "",
  };
}

function placed({ fault, reported }: ToldFault): Finding {
  const versions = versionsOf(fault);
  const file = { ...searchedFile(versions), texts: { new: versions.now, old: versions.before } };
  return placeFinding(reported, "codex", (path) => (path === versions.path ? file : null));
}
