import { outputForm } from "../edge/stdio.ts";
import { paintFor } from "./paint.ts";
import type { Paint } from "./styled-text.ts";

/** The terminal that a person reads on. */
export interface PersonsForm {
  readonly columns: number | null;
  readonly paint: Paint;
}

/** The terminal that stdout is; null: it is a pipe or a file. */
export function personsForm(): PersonsForm | null {
  const { terminal, columns, colours } = outputForm();
  return terminal ? { columns, paint: paintFor(colours) } : null;
}
