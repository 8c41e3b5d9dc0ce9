import type { FieldLines } from "./field-lines.ts";
import type { Gap } from "./gap.ts";
import type { Handoff, ListEntry } from "./handoff.ts";

/** A document that could be read, and where everything in it stands. */
export interface HandoffDocument {
  readonly handoff: Handoff;
  readonly form: "markdown" | "json";
  /** The lines of fields by their names in the document, and of `tasks` and `success_criteria`. */
  readonly lines: FieldLines;
  /** The notes, line by line. */
  readonly prose: readonly ListEntry[];
  /** Headings that are nearly those of the tasks and the criteria. */
  readonly nearly?: Readonly<Record<"tasks" | "criteria", ListEntry | null>>;
}

/** A document, or all that keeps it from being one. */
export type ParsedDocument =
  | { readonly document: HandoffDocument }
  | { readonly document: null; readonly gaps: readonly Gap[] };
