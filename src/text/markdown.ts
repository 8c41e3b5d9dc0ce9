import { defuse } from "./defuse.ts";

/** A fence longer than any run of backticks inside. */
export function fenced(text: string): string {
  return verbatim(defuse(text));
}

/** The same for text that must arrive as it is. */
export function verbatim(text: string): string {
  const longest = [...text.matchAll(/`+/g)].reduce((most, [ticks]) => Math.max(most, ticks.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${text.replace(/\n$/, "")}\n${fence}`;
}

/** Inline code that holds backticks itself. */
export function code(text: string): string {
  const line = defuse(text).replace(/\s*\n\s*/g, " ⏎ ");
  return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``;
}
