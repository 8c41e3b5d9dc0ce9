import type { Entry } from "./handoff.ts";

/** The text below the front matter, taken apart. */
export interface Body {
  readonly title: string;
  readonly tasks: readonly Entry[];
  readonly criteria: readonly Entry[];
  readonly notes: string;
  /** The notes line by line. */
  readonly prose: readonly Entry[];
  /** The lines of the two headings; null: there is none. */
  readonly headings: { readonly tasks: number | null; readonly criteria: number | null };
}

type Section = "tasks" | "criteria";

/** Numbered tasks below a heading `Tasks`, success criteria below one of that name; all else is notes. */
export function parseBody(text: string, firstLine: number, givenTitle: string | null = null): Body {
  const entries = { tasks: [] as Entry[], criteria: [] as Entry[] };
  const headings: { tasks: number | null; criteria: number | null } = { tasks: null, criteria: null };
  const prose: { text: string; line: number }[] = [];
  let title = givenTitle;
  let section: { readonly name: Section; readonly level: number } | null = null;
  let item: { readonly lines: string[]; readonly line: number; readonly width: number } | null = null;
  let fence: string | null = null;

  for (const [index, raw] of text.split("\n").entries()) {
    const line = index + firstLine;
    if (fence !== null) {
      prose.push({ text: raw, line });
      if (closes(fence, raw)) fence = null;
    } else if (item !== null && belongsTo(item, raw, section?.name)) {
      item.lines.push(raw.replace(/^\t/, "    ").replace(new RegExp(`^ {0,${item.width}}`), ""));
    } else {
      endItem();
      const [, marks = "", heading = ""] = /^(#{1,6})[ \t]+(.*\S)/s.exec(raw) ?? [];
      const named = sectionNamed(heading);
      const start = section === null ? null : startOfItem(raw, section.name);
      if (named !== null) {
        section = { name: named, level: marks.length };
        headings[named] ??= line;
      } else if (marks === "#" && title === null) {
        title = tidyTitle(heading);
        section = null;
      } else if (start !== null) item = { lines: [start.text], line, width: start.width };
      else {
        if (marks !== "" && section !== null && marks.length <= section.level) section = null;
        fence = fenceIn(raw);
        prose.push({ text: raw, line });
      }
    }
  }
  endItem();
  const notes = tidyNotes(prose.map((part) => part.text).join("\n"));
  return { title: title ?? "", ...entries, notes, prose, headings };

  function endItem() {
    const said = item === null ? "" : tidyEntry(item.lines.join("\n"));
    if (item !== null && section !== null && said !== "") entries[section.name].push({ text: said, line: item.line });
    item = null;
  }
}

/** Which section a heading begins, if any. */
export function sectionNamed(heading: string): Section | null {
  const name = heading.trim().replace(/:$/, "").toLowerCase();
  if (name === "tasks") return "tasks";
  return name === "success criteria" || name === "acceptance criteria" ? "criteria" : null;
}

/** An entry's text in the one form that both kinds of document keep: without blanks at its ends, and without a box to tick. */
export function tidyEntry(text: string): string {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  return lines
    .map((line) => line.trimEnd())
    .join("\n")
    .trim()
    .replace(/^(\[[ xX]\]\s+)+/, "");
}

/** Notes in that form: no blank lines at the ends, and every fence closed. */
export function tidyNotes(text: string): string {
  const lines = text
    .replace(/\r\n?/g, "\n")
    .replace(/^(?:\s*\n)+/, "")
    .trimEnd()
    .split("\n");
  let fence: string | null = null;
  for (const line of lines) {
    if (fence === null) fence = fenceIn(line);
    else if (closes(fence, line)) fence = null;
  }
  return [...lines, ...(fence === null ? [] : [fence])].join("\n");
}

export function tidyTitle(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** A list item goes on where it is indented, or without a blank line before. */
function belongsTo(
  item: { readonly lines: readonly string[]; readonly width: number },
  raw: string,
  section?: Section,
) {
  const line = raw.replace(/^\t/, "    ");
  if (line.trim() === "") return true;
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  if (indent >= item.width) return true;
  if (section !== undefined && startOfItem(line, section) !== null) return false;
  if (indent >= 2) return true;
  return item.lines.at(-1)?.trim() !== "" && !/^(#{1,6}[ \t]|```|~~~)/.test(line);
}

function startOfItem(raw: string, section: Section): { readonly text: string; readonly width: number } | null {
  // A criterion may also be a point of a list.
  const marker =
    section === "tasks" ? /^( {0,3}\d{1,9}[.)])(?:[ \t](.*))?$/s : /^( {0,3}(?:\d{1,9}[.)]|[-*+]))(?:[ \t](.*))?$/s;
  const [, mark, text = ""] = marker.exec(raw) ?? [];
  return mark === undefined ? null : { text, width: mark.length + 1 };
}

function fenceIn(line: string): string | null {
  return /^(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[0] ?? null;
}

function closes(fence: string, line: string): boolean {
  const found = /^(`{3,}|~{3,})\s*$/.exec(line)?.[1] ?? "";
  return found.startsWith(fence);
}
