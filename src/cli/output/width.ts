import stringWidth from "string-width";

// ASCII, and what we draw with ourselves: lines, bars, dots, dashes, marks. The rest is looked up, letter by letter, and the tables for
// that take half as long to load as Node to start.
const ONE_EACH = /^[ -~·–…─-▟✓✗]*$/;

/** How many columns a terminal takes for a text. */
export function widthOf(text: string): number {
  return ONE_EACH.test(text) ? text.length : stringWidth(text);
}
