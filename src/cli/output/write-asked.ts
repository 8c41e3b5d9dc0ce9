import { writeReport } from "../../ask/report/write-report.ts";
import { oneLine } from "../../text/defuse.ts";

/**
 * Writes a report to the place that was asked for. Where that is not a plain file of ours any more (work that went before may have put a
 * link there), it is in `own`, and a warning says so. Resolves with where it is.
 */
export async function writeAsked(
  { asked, own, text }: { readonly asked: string; readonly own: string; readonly text: string },
  warn: (line: string) => void,
): Promise<string> {
  const { outputPath, outputRefused } = await writeReport(asked, own, text);
  if (outputRefused !== null) warn(`[WARNING] It is in ${own} instead: ${oneLine(outputRefused, 300)}`);
  return outputPath ?? own;
}
