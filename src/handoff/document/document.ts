import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { fileFault, messageOf, UsageError } from "../../errors.ts";
import { type FrontMatter, readFrontMatter } from "../../files/front-matter.ts";
import { readPlainBytes } from "../../files/read-plain.ts";
import { schemaFaults } from "../../text/schema-faults.ts";
import { parseBody } from "./body.ts";
import { draftFrom } from "./draft.ts";
import { fieldLines, lineOf } from "./field-lines.ts";
import { commonFields, trimmed, withoutNulls } from "./fields.ts";
import { type Gap, gap } from "./gap.ts";
import type { Handoff } from "./handoff.ts";
import { HEADINGS, type Headings } from "./headings.ts";
import type { HandoffDocument, ParsedDocument } from "./parsed.ts";
import { parseRequest } from "./request.ts";
import { FRONT_MATTER_FIELDS, frontMatterSchema } from "./schema.ts";

/**
 * Reads a document of either form.
 * @throws UsageError for a missing file, or one that is not text
 */
export async function readDocument(path: string, known: Headings = HEADINGS): Promise<ParsedDocument> {
  return parseDocument(await textOf(path), known);
}

/** A document that was read, or a draft of one. */
export interface ReadOrDrafted {
  readonly document: HandoffDocument | null;
  readonly gaps: readonly Gap[];
  /** From the sections of a plan without front matter; null: it is a document, or there are no tasks. */
  readonly draft: Handoff | null;
}

/**
 * Reads a document of either form, or drafts one from a plan.
 * @throws UsageError for a missing file, or one that is not text
 */
export async function readOrDraft(path: string): Promise<ReadOrDrafted> {
  const text = (await textOf(path)).replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  const read = await parseDocument(text);
  if (read.document !== null) return { document: read.document, gaps: [], draft: null };
  return {
    document: null,
    gaps: read.gaps,
    draft: read.gaps.includes(NO_FRONT_MATTER) ? draftFrom(text, basename(path)) : null,
  };
}

/** Takes a document apart: a task request (JSON), or markdown with front matter. */
export async function parseDocument(whole: string, known: Headings = HEADINGS): Promise<ParsedDocument> {
  const text = whole.replace(/^\uFEFF/, "").replace(/\r\n?/g, "\n");
  return text.trimStart().startsWith("{") ? parseRequest(text) : parseMarkdown(text, known);
}

async function parseMarkdown(text: string, known: Headings): Promise<ParsedDocument> {
  if (!/^---[^-]/.test(text)) return { document: null, gaps: [NO_FRONT_MATTER] };
  if (!/\n---[ \t]*(\n|$)/.test(text)) return { document: null, gaps: [NO_END] };
  let parts: FrontMatter;
  try {
    parts = await readFrontMatter(text);
  } catch (error) {
    const message = messageOf(error);
    const line = Number(/ at line (\d+)/.exec(message)?.[1] ?? 1);
    const what = `The front matter cannot be read: ${message.replace(/ at line .*$/, "")}`;
    return { document: null, gaps: [gap(line, what, "Fix the YAML between the two lines `---`.")] };
  }
  const { data, content, contentLine } = parts;
  const yaml = text.split("\n").slice(1, contentLine - 1);
  const lines = fieldLines(yaml.join("\n"), 2);
  const parsed = frontMatterSchema.safeParse(withoutNulls(data));
  if (!parsed.success) {
    const faults = schemaFaults(parsed.error.issues, FRONT_MATTER_FIELDS);
    return {
      document: null,
      gaps: faults.map(({ field, what, fix }) => gap(lineOf(lines, field) ?? 1, what, fix)),
    };
  }
  const { scope, ...fields } = parsed.data;
  const { prose, headings, nearly, constraints, ...body } = parseBody(content, contentLine, { known });
  const common = commonFields(fields);
  const sections = [
    ["tasks", headings.tasks],
    ["success_criteria", headings.criteria],
  ] as const;
  return {
    document: {
      handoff: {
        ...common,
        ...body,
        constraints: [...common.constraints, ...constraints.map((entry) => entry.text)],
        scope: { files: trimmed(scope?.files), forbid: trimmed(scope?.forbid) },
      },
      form: "markdown",
      lines: new Map([...lines, ...sections.flatMap(([name, line]) => (line === null ? [] : [[name, line] as const]))]),
      prose,
      nearly,
    },
  };
}

const NO_FRONT_MATTER = gap(
  1,
  "It has no front matter.",
  "Let `ask_codex handoff convert <file> -o <new file>` draft it from the document's own sections.",
);

const NO_END = gap(1, "The front matter has no end.", "Close it with a line `---`; the tasks stand below that.");

// A prompt has 500 words; what is longer than this is some other file.
const MOST_BYTES = 256 * 1024;

async function textOf(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error(found.isDirectory() ? "it is a folder" : "it is not a regular file");
    if (found.size > MOST_BYTES)
      throw new Error(`it has ${Math.ceil(found.size / 1024)} KB, a handoff ${MOST_BYTES / 1024} KB at most`);
    const bytes = readPlainBytes(path, { follow: true, limit: MOST_BYTES });
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.includes("\0")) throw new Error("it is not text");
    if (text.trim() === "") throw new Error("it is empty");
    return text;
  } catch (error) {
    const reason = error instanceof TypeError ? "it is not valid UTF-8" : fileFault(error);
    throw new UsageError(`The handoff document cannot be read: ${path} (${reason})`, HINT);
  }
}

const HINT = "Name a document of yours; `ask_codex handoff new <name>` writes an example.";
