import { defuse } from "./defuse.ts";

/** A fence longer than any run of backticks inside. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${defuse(text)}\n${fence}`;
}

/** Inline code that holds backticks itself. */
export function code(text: string): string {
  const line = defuse(text).replace(/\s*\n\s*/g, " ⏎ ");
  return line.includes("`") ? `\`\` ${line} \`\`` : `\`${line}\``;
}
