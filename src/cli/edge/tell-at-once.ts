import { fstatSync } from "node:fs";
import { printAtOnce } from "./stdio.ts";
import { unsupported } from "./supported.ts";

/**
 * Prints a text that the build has put into the program, help or version, before anything else is loaded. `words`: the number of
 * the text that a word asks for. False: something else is wanted, this machine cannot run us, or it is a help for a terminal, which
 * is laid out by its width.
 */
export function tellAtOnce(
  argv: readonly string[],
  words: Readonly<Record<string, number>>,
  texts: readonly string[],
): boolean {
  const [word = "", ...more] = argv;
  const text = Object.hasOwn(words, word) && more.length === 0 ? texts[words[word] ?? -1] : undefined;
  if (text === undefined || unsupported(process.platform, process.versions.node) !== null) return false;
  if (text.startsWith("Usage:") && fstatSync(1).isCharacterDevice()) return false;
  printAtOnce(text);
  return true;
}
