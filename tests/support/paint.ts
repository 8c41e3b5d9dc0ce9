import { styleText } from "node:util";

/** Colours where somebody looks at a terminal that has them, and has not said NO_COLOR. */
export function paint(format: Parameters<typeof styleText>[0], text: string): string {
  return process.stdout.isTTY && process.stdout.hasColors() ? styleText(format, text) : text;
}
