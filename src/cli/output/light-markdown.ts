import type { Paint } from "./styled-text.ts";

/**
 * Markdown for the eyes of a person: marks of headings, bold and code become looks, the rest stays as it was written. Without colours the
 * marks stay, which are then all that shows them. `text` is defused already.
 */
export function lightMarkdown(text: string, paint: Paint): string {
  let fence: string | null = null;
  const lines = text.split("\n").map((line) => {
    const [, mark] = /^ {0,3}(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence !== null) {
      if (mark === undefined || !mark.startsWith(fence) || line.trim() !== mark) return line;
      fence = null;
      return paint("dim", line);
    }
    if (mark !== undefined) {
      fence = mark;
      return paint("dim", line);
    }
    return lightLine(line, paint);
  });
  return lines.join("\n");
}

function lightLine(line: string, paint: Paint): string {
  const heading = /^ {0,3}#{1,6}\s+(.*)$/.exec(line);
  const plain = paint("bold", "x") === "x";
  if (plain) return line;
  if (heading !== null) return paint("bold", heading[1] ?? "");
  return line.replace(/`([^`]+)`|\*\*([^*\s](?:[^*]*[^*\s])?)\*\*/g, (_, code, bold) =>
    code === undefined ? paint("bold", bold) : paint("cyan", code),
  );
}
