import { PlaceRefused, replaceAt } from "../../files/write-place.ts";
import { writeWhole } from "../../files/write-whole.ts";
import type { ReportPlace } from "../model/last-step.ts";

/**
 * Writes a report where it was asked for, or into the run's folder (`own`) when that place is not a plain file of ours any more: a
 * sandboxed command may have put a link there that leads where only we may write.
 */
export async function writeReport(asked: string, own: string, text: string): Promise<ReportPlace> {
  const inOwn = async (outputRefused: string | null) => {
    await writeWhole(own, text);
    return { outputPath: own, outputRefused };
  };
  if (asked === own) return inOwn(null);
  try {
    replaceAt(asked, text);
    return { outputPath: asked, outputRefused: null };
  } catch (error) {
    if (!(error instanceof PlaceRefused)) throw error;
    return inOwn(error.message);
  }
}
