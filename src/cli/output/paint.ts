import { styleText } from "node:util";
import type { Paint } from "./styled-text.ts";

/** Colours, or none. */
export function paintFor(colours: boolean): Paint {
  if (!colours) return (_, text) => text;
  return (look, text) => styleText(look, text, { validateStream: false });
}
