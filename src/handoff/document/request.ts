import { messageOf } from "../../errors.ts";
import { parseShallowJson } from "../../files/json-line.ts";
import { schemaFaults } from "../../text/schema-faults.ts";
import { parseBody, tidyEntry, tidyNotes, tidyTitle } from "./body.ts";
import { type FieldLines, fieldLines, lineOf } from "./field-lines.ts";
import { commonFields, trimmed, withoutNulls } from "./fields.ts";
import { gap } from "./gap.ts";
import type { ListEntry } from "./handoff.ts";
import { sectionNamed } from "./headings.ts";
import type { ParsedDocument } from "./parsed.ts";
import { REQUEST_FIELDS, type RequestFields, requestSchema } from "./schema.ts";

/** Reads a task request: JSON in which the requirements are the tasks. */
export function parseRequest(text: string): ParsedDocument {
  let data: unknown;
  try {
    data = parseShallowJson(text);
  } catch (error) {
    const what = `It is not JSON that can be read: ${messageOf(error).replace(/, (?:\.\.\.)?".*$/s, "")}`;
    return { document: null, gaps: [gap(lineIn(text, messageOf(error)), what, "Fix the JSON.")] };
  }
  const lines = fieldLines(text);
  const parsed = requestSchema.safeParse(withoutNulls(data));
  const faults = parsed.success ? contradictions(parsed.data) : schemaFaults(parsed.error.issues, REQUEST_FIELDS);
  if (!parsed.success || faults.length > 0) {
    const gaps = faults.map(({ field, what, fix }) => gap(lineOf(lines, field) ?? 1, what, fix));
    return { document: null, gaps };
  }
  const { scope, requirements, success_criteria: criteria, title = "", notes = "", ...fields } = parsed.data;
  const common = commonFields(fields);
  const body = parseBody(tidyNotes(notes), 1, { title: tidyTitle(title) || null });
  return {
    document: {
      handoff: {
        ...common,
        constraints: [...common.constraints, ...body.constraints.map((entry) => entry.text)],
        title: body.title,
        scope: { files: filesIn(scope), forbid: trimmed(scope?.forbid) },
        tasks: entries(requirements, "requirements", lines),
        criteria:
          criteria === undefined ? criteriaFrom(common.validation) : entries(criteria, "success_criteria", lines),
        notes: body.notes,
      },
      form: "json",
      lines: named(lines),
      prose: body.prose.map(({ text: said }) => ({ text: said, line: lineOf(lines, "notes") })),
    },
  };
}

/** What a request means that names no criteria: that its validation succeeds. */
export function criteriaFrom(validation: readonly string[]): readonly ListEntry[] {
  return validation.map((command) => ({ text: tidyEntry(`\`${command}\` succeeds`), line: null }));
}

function entries(texts: readonly string[] | undefined, field: string, lines: FieldLines): readonly ListEntry[] {
  return (texts ?? []).map((text, at) => ({ text: tidyEntry(text), line: lineOf(lines, `${field}[${at}]`) }));
}

function filesIn(scope: RequestFields["scope"]): readonly string[] {
  const files = trimmed(scope?.files);
  return scope?.lines === undefined ? files : files.map((file) => `${file}:${scope.lines?.join("-")}`);
}

/** What fits the schema and cannot be meant. */
function contradictions({ scope, title = "", notes = "" }: RequestFields) {
  const files = trimmed(scope?.files);
  const lined = files.length === 1 && !/:\d+(-\d+)?$/.test(files[0] ?? "");
  const body = parseBody(tidyNotes(notes), 1, { title: "" });
  const faults = [
    scope?.lines !== undefined && !lined
      ? {
          field: "scope.lines",
          what: "scope.lines says nothing of which file",
          fix: "Write `path:45-89` into scope.files.",
        }
      : null,
    sectionNamed(tidyTitle(title)) === null
      ? null
      : { field: "title", what: "title is the name of a section", fix: "Give the task another title." },
    body.headings.tasks === null && body.headings.criteria === null
      ? null
      : {
          field: "notes",
          what: "notes has tasks or success criteria of its own",
          fix: "Move them into requirements and success_criteria.",
        },
  ];
  return faults.filter((fault) => fault !== null);
}

/** The tasks are `requirements` in JSON; gaps ask for `tasks`. */
function named(lines: FieldLines): FieldLines {
  const line = lines.get("requirements");
  return line === undefined ? lines : new Map([...lines, ["tasks", line]]);
}

/** V8 says where in two ways. */
function lineIn(text: string, message: string): number {
  const line = /\(line (\d+) column/.exec(message)?.[1];
  const position = /at position (\d+)/.exec(message)?.[1];
  if (line !== undefined) return Number(line);
  return position === undefined ? text.split("\n").length : text.slice(0, Number(position)).split("\n").length;
}
