import { paint } from "../support/paint.ts";

/** A part of the story, an empty line above it. */
export function heading(text: string): void {
  console.log(`\n${paint("bold", text)}`);
}

export function say(text: string): void {
  console.log(`  ${text}`);
}

/** A command as one would type it. */
export function command(...words: readonly string[]): void {
  console.log(paint("cyan", `  $ ${words.map(quoted).join(" ")}`));
}

/** What somebody else has printed or written; longer lines are cut. */
export function cited(text: string, { columns = Infinity }: { readonly columns?: number } = {}): void {
  for (const line of text.trimEnd().split("\n")) {
    const shown = line.length > columns ? `${line.slice(0, columns)}…` : line;
    console.log(`${paint("dim", "  |")} ${shown}`.trimEnd());
  }
}

/** One thing that ought to be so. */
export function verdict(met: boolean, text: string): void {
  console.log(met ? `  ${paint("green", "ok")} ${text}` : `  ${paint("red", "NOT AS TOLD:")} ${text}`);
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `"${word.replace(/["\\$`]/g, "\\$&")}"`;
}
