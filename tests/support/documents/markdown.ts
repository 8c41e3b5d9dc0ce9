export interface Table {
  /** The heading it stands under. */
  readonly heading: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tables of a document; a pipe in a cell is written `\|`. */
export function tablesIn(markdown: string): readonly Table[] {
  const tables: { heading: string; head: readonly string[]; rows: (readonly string[])[] }[] = [];
  let heading = "";
  let inside = false;
  for (const line of proseOf(markdown).split("\n")) {
    heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
    const cells = line.startsWith("|") ? cellsOf(line) : null;
    if (cells !== null && !inside) tables.push({ heading, head: cells, rows: [] });
    else if (cells !== null && !/^\|[-| :]+\|$/.test(line)) tables.at(-1)?.rows.push(cells);
    inside = cells !== null;
  }
  return tables;
}

/** The rows of every table whose first column is called `name`. */
export function rowsUnder(markdown: string, name: string): readonly (readonly string[])[] {
  return tablesIn(markdown).flatMap(({ head, rows }) => (head[0] === name ? rows : []));
}

/** What stands in backticks in the first column of these tables. */
export function namesUnder(markdown: string, name: string): readonly string[] {
  return rowsUnder(markdown, name).flatMap(([cell = ""]) => codeIn(cell));
}

/** What stands between single backticks. */
export function codeIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
}

/** The contents of the fenced blocks. */
export function fencesIn(markdown: string): readonly string[] {
  return [...markdown.matchAll(FENCE)].map(([, text = ""]) => text);
}

/** The document without its fenced blocks. */
export function proseOf(markdown: string): string {
  return markdown.replaceAll(FENCE, "");
}

/** What stands below a second-level heading, up to the next one. */
export function sectionOf(markdown: string, title: string): string {
  return markdown.split(`\n## ${title}\n`)[1]?.split("\n## ")[0] ?? "";
}

/** What stands below the first heading of this title, of whatever level, up to the next heading. */
export function partOf(markdown: string, title: string): string {
  const parts = proseOf(markdown).split(/^#+ (.*)$/m);
  return parts[parts.indexOf(title) + 1] ?? "";
}

/** Headings, in order: those of one level, or all of them. */
export function headingsIn(markdown: string, level: number | "all" = "all"): readonly string[] {
  const found = [...proseOf(markdown).matchAll(/^(#+) (.*)$/gm)];
  return found.flatMap(([, marks = "", title = ""]) => (level === "all" || marks.length === level ? [title] : []));
}

/** The targets of all links, outside of code. */
export function linksIn(markdown: string): readonly string[] {
  const prose = proseOf(markdown).replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

/** What links to headings can end with. */
export function anchorsIn(markdown: string): ReadonlySet<string> {
  return new Set(headingsIn(markdown).map(anchorOf));
}

/** `The object of --json` → `the-object-of---json`. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

const FENCE = /^```\w*\n([\s\S]*?)^```$/gm;

function cellsOf(line: string): readonly string[] {
  return line
    .replaceAll(/^\||\|\s*$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll("\\|", "|"));
}
