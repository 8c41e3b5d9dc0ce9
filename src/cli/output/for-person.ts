import type { AskOutcome } from "../../ask/model/outcome.ts";
import { checkWords } from "../../ask/report/progress-words.ts";
import { shortOwn } from "../../files/state-paths.ts";
import { defuse, escapeValue, oneLine } from "../../text/defuse.ts";
import { lengthOfTime } from "../../text/words.ts";
import { lightMarkdown } from "./light-markdown.ts";
import { shortThread } from "./short-ids.ts";
import type { Paint } from "./styled-text.ts";
import type { Pair } from "./value-lines.ts";

// A person scrolls; the report has what a longer list would.
const MOST_FILES = 20;
const LONGEST_PATH = 300;

/** What a run came to, for a person at a terminal: the answer, then what changed, what was checked, and how to go on. */
export function forPerson(
  outcome: AskOutcome,
  { answer: wanted, more, paint }: { readonly answer: boolean; readonly more: readonly Pair[]; readonly paint: Paint },
): string {
  const answer = wanted ? defuse(outcome.answer).trim() : "";
  const parts = [
    ...(answer === "" ? [] : [lightMarkdown(answer, paint)]),
    [ending(outcome, paint), ...changed(outcome, paint), ...checked(outcome, paint), ...pairs(more, paint)].join("\n"),
    wayOn(outcome, paint),
  ];
  return `\n${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function ending({ status, elapsedMs, changes }: AskOutcome, paint: Paint): string {
  const [look, mark] = status === "completed" ? (["green", "✓"] as const) : (["yellow", "!"] as const);
  const words = status.replaceAll("_", " ");
  return `${paint(look, `${mark} ${words}`)} after ${lengthOfTime(elapsedMs)}${changes.type === "listed" ? `, ${filesOf(changes.files.length)} changed` : ""}`;
}

function filesOf(count: number): string {
  if (count === 0) return "no file";
  return `${count} ${count === 1 ? "file" : "files"}`;
}

function changed({ changes }: AskOutcome, paint: Paint): readonly string[] {
  if (changes.type === "no_git") return [paint("dim", "  what changed is unknown: no git work tree")];
  if (changes.type === "unknown")
    return [paint("yellow", `  what changed is unknown: ${oneLine(changes.reason, 200)}`)];
  if (changes.type !== "listed") return [];
  const shown = changes.files.slice(0, MOST_FILES).map(({ path, kind, added, removed }) => {
    const counts = added === null || removed === null ? "" : `  +${added} −${removed}`;
    return `  ${oneLine(path, LONGEST_PATH)}${paint("dim", kind === "changed" ? counts : `  ${kind}${counts}`)}`;
  });
  const left = changes.files.length - shown.length;
  return left === 0 ? shown : [...shown, `  … and ${left} more`];
}

function checked({ checks }: AskOutcome, paint: Paint): readonly string[] {
  return checks.map(
    (check) =>
      `  ${paint(check.passed ? "green" : "red", check.passed ? "✓" : "✗")} ${checkWords(check).replace(/^passed: /, "")}`,
  );
}

/** What else the command reports, such as a verdict. */
function pairs(more: readonly Pair[], paint: Paint): readonly string[] {
  const said = more.filter(([, value]) => value !== null);
  return said.map(([key, value]) => `  ${paint("dim", `${key}:`)} ${escapeValue(String(value))}`);
}

/** Commands that can be copied as they are. */
function wayOn({ sessionId, runId, outputPath }: AskOutcome, paint: Paint): string {
  const rows = [
    ...(outputPath === null ? [] : [["report", `ask_codex report ${shortOwn(runId)}`]]),
    ...(sessionId === null
      ? []
      : [
          ["go on", `ask_codex --session ${shortThread(sessionId)} "…"`],
          ["in Codex", `codex resume ${sessionId}`],
        ]),
  ];
  return rows.map(([title = "", command]) => `${paint("dim", title.padEnd(9))}${command}`).join("\n");
}
