import * as z from "zod/mini";
import { exitLine } from "../../ask/report/exit-line.ts";
import { marked } from "../../ask/report/report.ts";
import { parseJsonLine } from "../../files/json-line.ts";
import { randomHex } from "../../files/random-hex.ts";
import { code } from "../../text/markdown.ts";

const event = z.object({
  type: z.string(),
  payload: z.object({
    text: z.optional(z.string()),
    command: z.optional(z.string()),
    exit_code: z.optional(z.nullable(z.number())),
  }),
});

/** The report of a run whose worker was killed: what its journal has of it, line by line as far as it can be read. */
export function interruptedReport(journal: string): string {
  const events = journal.split("\n").flatMap((line) => parseJsonLine(line, event) ?? []);
  const words = events.flatMap(({ type, payload }) => (type === "message" && payload.text ? [payload.text] : []));
  const commands = events.flatMap(({ type, payload }) => (type === "command_finished" ? [payload] : []));
  const ran = commands.map(({ command = "", exit_code }) => `- ${code(command)} (exit ${exit_code ?? "unknown"})`);
  return [
    "## Interrupted",
    "The session's worker was killed in the middle of this run, and Codex ended with it. What it changed in the work tree is still there, unchecked.",
    ...(words.length === 0
      ? []
      : ["### Partial output (before the interruption)", marked(words.join("\n\n"), randomHex(6))]),
    ...(ran.length === 0 ? [] : ["### Commands", ran.join("\n")]),
    exitLine("failed", "interrupted; the session can go on"),
  ]
    .join("\n\n")
    .concat("\n");
}
