import { defuse, oneLine } from "../../text/defuse.ts";
import { code, fenced } from "../../text/markdown.ts";
import { placeWords } from "../finding/place-words.ts";
import type { ReviewOutcome } from "../run/outcome.ts";
import { isOpen, type JudgedFinding } from "../verdict/verdict.ts";

// A report is read by a model: twenty findings have to fit 4 KB, and the JSON has the rest.
const MOST_BYTES = 4_000;
const MOST_LISTED = 10;

/** The review as Markdown: verdict, one block a finding, what was not covered. */
export function renderReview(outcome: ReviewOutcome): string {
  const open = outcome.findings.filter(isOpen);
  const head = [`# Review: ${outcome.verdict}`, `Of ${defuse(outcome.target)}. ${countWords(outcome)}`];
  const tail = [incomplete(outcome), resolved(outcome), configuration(outcome), leftOut(outcome)].filter(Boolean);
  const room = MOST_BYTES - Buffer.byteLength([...head, ...tail].join("\n\n"));
  return `${[...head, ...findingBlocks(open, room), ...tail].join("\n\n")}\n`;
}

function countWords({ findings, blocking, coverage }: ReviewOutcome): string {
  const open = findings.filter(isOpen);
  const read = coverage.filter(({ status }) => status === "reviewed").length;
  const fresh = open.filter(({ state }) => state === "new").length;
  return `${read} of ${coverage.length} changed files read, ${open.length} open findings (${fresh} new, ${blocking.length} blocking).`;
}

/** As much of each finding as all of them leave room for; of those that do not fit even in a line, how many they are. */
function findingBlocks(findings: readonly JudgedFinding[], room: number): readonly string[] {
  const allFit = fitting(findings, room) === findings.length;
  const shown = allFit ? findings : findings.slice(0, fitting(findings, room - MORE));
  const more = findings.length - shown.length;
  const share = Math.floor((more === 0 ? room : room - MORE) / Math.max(1, shown.length)) - 2;
  const blocks = shown.map((finding) => findingBlock(finding, share));
  return more === 0 ? blocks : [...blocks, `And ${more} more open findings, which weigh less: in result.json.`];
}

/** How many of the first ones have room for their first line. */
function fitting(findings: readonly JudgedFinding[], room: number): number {
  let left = room;
  const at = findings.findIndex((finding) => {
    left -= Buffer.byteLength(headOf(finding)) + 2;
    return left < 0;
  });
  return at === -1 ? findings.length : at;
}

// For the line that counts the others.
const MORE = 80;

function headOf({
  id,
  severity,
  title,
  path,
  anchor,
  category,
  voices,
  state,
  refutation,
  proof,
}: JudgedFinding): string {
  const notes = [
    state === "new" ? "" : state,
    refutation?.answer ?? "",
    proof?.result ?? "",
    voices.length > 1 ? `seen by ${voices.length}` : "",
  ].filter(Boolean);
  const place = code(placeWords(path, anchor));
  return `**${severity}** ${place} ${oneLine(title, 80)} (${[category, ...notes].join(", ")}; ${id})`;
}

function findingBlock(finding: JudgedFinding, room: number): string {
  const { scenario, suggestion } = finding;
  const head = headOf(finding);
  const left = room - Buffer.byteLength(head);
  if (left < LEAST_WORDS) return head;
  const text = oneLine(scenario, left - 1);
  const rest = left - Buffer.byteLength(text) - FENCE;
  const change = suggestion !== null && Buffer.byteLength(suggestion) < rest ? `\n${fenced(suggestion)}` : "";
  return `${head}\n${text}${change}`;
}

// Less of a scenario says nothing.
const LEAST_WORDS = 40;

const FENCE = 10;

function incomplete({ coverage, cutShort }: ReviewOutcome): string {
  const left = coverage.filter(({ status }) => status === "not_reviewed");
  const why = cutShort === null ? [] : [`Cut short: ${oneLine(cutShort, 200)}.`];
  if (left.length === 0) return why.join("");
  const lines = left.slice(0, MOST_LISTED).map(({ path, reason }) => `- ${code(path)}: ${oneLine(reason ?? "", 120)}`);
  const more = left.length > MOST_LISTED ? [`- and ${left.length - MOST_LISTED} more`] : [];
  return ["## Not reviewed", ...why, [...lines, ...more].join("\n")].join("\n\n");
}

function resolved({ missing }: ReviewOutcome): string {
  const gone = missing.filter(({ now }) => now === "resolved");
  if (gone.length === 0) return "";
  const lines = gone.slice(0, MOST_LISTED).map(({ id, path, title }) => `- ${id} ${code(path)}: ${oneLine(title, 80)}`);
  return `## Resolved since\n\n${lines.join("\n")}`;
}

function configuration({ configurationEdits: paths }: ReviewOutcome): string {
  if (paths.length === 0) return "";
  const listed = paths.slice(0, MOST_LISTED).map(code).join(", ");
  return `The change edits what configures agents; the review did not follow it: ${listed}.`;
}

function leftOut({ findings }: ReviewOutcome): string {
  const refuted = findings.filter(({ refutation }) => refutation?.answer === "refuted").length;
  const decided = findings.filter(({ decision }) => decision !== null).length;
  const parts = [
    ...(refuted === 0 ? [] : [`${refuted} refuted`]),
    ...(decided === 0 ? [] : [`${decided} decided earlier`]),
  ];
  return parts.length === 0 ? "" : `Not listed: ${parts.join(", ")} (in result.json).`;
}
