import { parseBody } from "./body.ts";
import type { Handoff } from "./handoff.ts";
import { type Section, sectionNamed } from "./headings.ts";
import { isPathOfFile, pathWords } from "./path-words.ts";

/** What a plan without front matter says in its own sections, as a handoff. Null: it has no tasks. `name`: of its file. */
export function draftFrom(text: string, name: string): Handoff | null {
  const body = parseBody(text, 1);
  if (body.tasks.length === 0) return null;
  const constraints = body.constraints.map((entry) => entry.text);
  const forbid = unique(constraints.filter((one) => RULING_OUT.test(one) || isOnlyPath(one)).flatMap(filesIn));
  const files = unique(body.tasks.flatMap((task) => filesIn(task.text))).filter((path) => !forbid.includes(path));
  const slug = (body.title || name.replace(/\.[^.]*$/, ""))
    .normalize("NFKD")
    .toLowerCase()
    .replace(/^codex[-\s]+/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 50);
  return {
    taskId: `${slug || "task"}-001`,
    type: "implementation",
    title: body.title,
    read: unique(filesIn(sectionText(text, "read"))),
    scope: { files, forbid },
    interfaces: [],
    // A path alone says nothing that scope.forbid does not say.
    constraints: constraints.filter((one) => !isOnlyPath(one)),
    validation: unique(body.criteria.flatMap((entry) => commandsIn(entry.text))),
    expectFiles: [],
    guardrails: {},
    commit: commitMessage(sectionText(text, "commit")),
    changesDoc: null,
    lessons: [],
    after: [],
    tasks: body.tasks,
    criteria: body.criteria,
    notes: withoutSections(body.notes),
  };
}

const RULING_OUT = /\b(?:do not|don't|don’t|never|must not|not|no|nicht|kein\w*)\b|不要|不得|禁止/i;

function isOnlyPath(text: string): boolean {
  return /^`?[\w./-]+`?\.?$/.test(text.trim());
}

function filesIn(text: string): readonly string[] {
  return pathWords(text).flatMap((word) => (isPathOfFile(word) ? [word.path] : []));
}

/** `npm test` in backticks, or at the beginning of "npm test passes". */
function commandsIn(criterion: string): readonly string[] {
  const quoted = [...criterion.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = ""]) => (COMMAND.test(code) ? [code] : []));
  if (quoted.length > 0) return quoted;
  const [, plain] =
    /^(.*?)\s+(?:passes|pass|succeeds|succeed|is green|are green|works|exits|runs|läuft|通过)/.exec(criterion) ?? [];
  return plain !== undefined && COMMAND.test(plain) ? [plain] : [];
}

const COMMAND =
  /^(?:npm|npx|pnpm|yarn|bun|deno|node|cargo|go|pytest|python3?|uv|tox|make|just|mvn|gradle|dotnet|composer|php|bundle|rake|rspec|git|bash|sh|tsc|vitest|jest|\.{1,2}\/\S+)\s+\S|^(?:pytest|make|tox|tsc|vitest|jest|rspec)$/;

/** The first line that says something, without its words about pushing. */
function commitMessage(text: string): string | null {
  const line = text.split("\n").find((one) => /\S/.test(one)) ?? "";
  const [, quoted] = /[`"“]([^`"”]+)[`"”]/.exec(line) ?? [];
  const message = (quoted ?? line)
    .replace(/^\s*(?:[-*+]|\d+[.)])\s+/, "")
    .replace(/^(?:commit )?message:\s*/i, "")
    .replace(/[.;,]?\s*(?:do not|don't|never|no) push.*$/i, "")
    .trim();
  return message === "" ? null : message;
}

/** What stands below the heading of a section. */
function sectionText(text: string, section: Section): string {
  return cut(text, (name) => name === section).inside;
}

/** Without the sections that the front matter says as well. */
function withoutSections(notes: string): string {
  return cut(notes, (name) => name === "read" || name === "commit").outside.trim();
}

function cut(text: string, isWanted: (section: Section | null) => boolean) {
  const inside: string[] = [];
  const outside: string[] = [];
  let wanted = false;
  for (const line of text.split("\n")) {
    const heading = /^#{1,6}[ \t]+(.*\S)/.exec(line)?.[1];
    if (heading !== undefined) wanted = isWanted(sectionNamed(heading));
    (wanted ? inside : outside).push(heading !== undefined && wanted ? "" : line);
  }
  return { inside: inside.join("\n"), outside: outside.join("\n") };
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
