import type { ListEntry } from "./handoff.ts";
import { HEADINGS, type Headings, isNearly, type Section, sectionNamed } from "./headings.ts";

/** The text below the front matter, taken apart. */
export interface Body {
  readonly title: string;
  readonly tasks: readonly ListEntry[];
  readonly criteria: readonly ListEntry[];
  readonly constraints: readonly ListEntry[];
  readonly notes: string;
  /** The notes line by line. */
  readonly prose: readonly ListEntry[];
  /** The lines of the headings; null: there is none. */
  readonly headings: Readonly<Record<Listed, number | null>>;
  /** Headings that are nearly those of tasks and criteria. */
  readonly nearly: Readonly<Record<"tasks" | "criteria", ListEntry | null>>;
}

type Listed = "tasks" | "criteria" | "constraints";

interface Item {
  readonly lines: string[];
  readonly line: number;
  readonly width: number;
  /** How deep the heading is that it begins with; null: it begins with a mark of a list. */
  readonly heading: number | null;
  fence: string | null;
}

interface OpenSection {
  readonly name: Listed;
  readonly level: number;
  /** What its first item begins with. */
  kind: Kind | null;
}

type Kind = "number" | "point" | "heading";

/** Tasks, success criteria and constraints below headings of these names: lists, or a heading for each. All else is notes. */
export function parseBody(
  text: string,
  firstLine: number,
  { title: givenTitle = null, known = HEADINGS }: { readonly title?: string | null; readonly known?: Headings } = {},
): Body {
  const entries = { tasks: [] as ListEntry[], criteria: [] as ListEntry[], constraints: [] as ListEntry[] };
  const headings: Record<Listed, number | null> = { tasks: null, criteria: null, constraints: null };
  const nearly: Record<"tasks" | "criteria", ListEntry | null> = { tasks: null, criteria: null };
  const prose: { text: string; line: number }[] = [];
  let title = givenTitle;
  let section: OpenSection | null = null;
  let item: Item | null = null;
  let fence: string | null = null;
  const all = text.split("\n");

  for (const [index, raw] of all.entries()) {
    const line = index + firstLine;
    if (fence !== null) {
      prose.push({ text: raw, line });
      if (closes(fence, raw)) fence = null;
      continue;
    }
    if (item !== null && belongsTo(item, raw, section)) {
      item.lines.push(raw.replace(/^\t/, "    ").replace(new RegExp(`^ {0,${item.width}}`), ""));
      continue;
    }
    endItem();
    const [, marks = "", heading = ""] = /^(#{1,6})[ \t]+(.*\S)/s.exec(raw) ?? [];
    const named = marks === "" ? null : listed(sectionNamed(heading, known));
    const start: Start | null =
      section === null ? null : startIn(section, { raw, marks, heading, next: all.slice(index + 1) });
    if (named !== null && (section === null || marks.length <= section.level || start === null)) {
      section = { name: named, level: marks.length, kind: null };
      headings[named] ??= line;
    } else if (marks === "#" && title === null) {
      title = tidyTitle(heading);
      section = null;
    } else if (start !== null && section !== null) {
      section.kind = start.kind;
      const depth = start.kind === "heading" ? marks.length : null;
      item = { lines: [start.text], line, width: start.width, heading: depth, fence: null };
    } else {
      if (marks !== "" && section !== null && marks.length <= section.level) section = null;
      for (const name of ["tasks", "criteria"] as const)
        if (marks !== "" && nearly[name] === null && isNearly(heading, name)) nearly[name] = { text: heading, line };
      fence = fenceIn(raw);
      prose.push({ text: raw, line });
    }
  }
  endItem();
  const notes = tidyNotes(prose.map((part) => part.text).join("\n"));
  return { title: title ?? "", ...entries, notes, prose, headings, nearly };

  function endItem() {
    const said = item === null ? "" : tidyEntry(item.lines.join("\n"));
    if (item !== null && section !== null && said !== "") entries[section.name].push({ text: said, line: item.line });
    item = null;
  }
}

function listed(section: Section | null): Listed | null {
  return section === "tasks" || section === "criteria" || section === "constraints" ? section : null;
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

/** A list item goes on where it is indented, or without a blank line before; one with a heading until the next heading. */
function belongsTo(item: Item, raw: string, section: OpenSection | null): boolean {
  if (item.heading !== null) return belongsToHeading(item, item.heading, raw);
  const line = raw.replace(/^\t/, "    ");
  if (line.trim() === "") return true;
  const indent = /^ */.exec(line)?.[0].length ?? 0;
  if (indent >= item.width) return true;
  if (section !== null && listItem(line, section) !== null) return false;
  if (indent >= 2) return true;
  return item.lines.at(-1)?.trim() !== "" && !/^(#{1,6}[ \t]|```|~~~)/.test(line);
}

function belongsToHeading(item: Item, depth: number, raw: string): boolean {
  if (item.fence !== null) {
    if (closes(item.fence, raw)) item.fence = null;
    return true;
  }
  const marks = /^(#{1,6})[ \t]/.exec(raw)?.[1]?.length ?? 7;
  item.fence = fenceIn(raw);
  return marks > depth;
}

interface Start {
  readonly kind: Kind;
  readonly text: string;
  readonly width: number;
}

interface BodyLine {
  readonly raw: string;
  readonly marks: string;
  readonly heading: string;
  readonly next: readonly string[];
}

function startIn(section: OpenSection, { raw, marks, heading, next }: BodyLine): Start | null {
  if (marks === "") return listItem(raw, section);
  if (marks.length <= section.level || section.name !== "tasks") return null;
  if (section.kind !== null && section.kind !== "heading") return null;
  // A heading with a list right below it is a group of tasks, unless it has a number.
  const isNumbered = /^(?:(?:task|step|aufgabe|schritt|任务|步骤)\s*)?\d+\s*[.):：—-]/i.test(heading);
  const first = next.find((line) => line.trim() !== "") ?? "";
  if (!isNumbered && (first.startsWith("#") || listItem(first, section) !== null)) return null;
  return { kind: "heading", text: heading.replace(/^\d+\s*[.):：]\s*/, ""), width: 0 };
}

/** An entry of a list. Where the first has a number, points are a part of what they stand below. */
function listItem(raw: string, { kind }: OpenSection): Start | null {
  const [, mark, text = ""] = /^( {0,3}(?:\d{1,9}[.)、]|[-*+]))(?:[ \t](.*))?$/s.exec(raw) ?? [];
  if (mark === undefined) return null;
  const own = /\d/.test(mark) ? "number" : "point";
  return kind === null || kind === own || kind === "point" ? { kind: kind ?? own, text, width: mark.length + 1 } : null;
}

function fenceIn(line: string): string | null {
  return /^(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[0] ?? null;
}

function closes(fence: string, line: string): boolean {
  const found = /^(`{3,}|~{3,})\s*$/.exec(line)?.[1] ?? "";
  return found.startsWith(fence);
}
