import { join } from "node:path";
import * as z from "zod/mini";
import { readJson } from "../../files/json-file.ts";
import { writeWhole } from "../../files/write-whole.ts";

/** The warnings of Codex that reports have shown today. */
export function toldWarningsPath(state: string): string {
  return join(state, "warnings.json");
}

const toldToday = z.object({ schema_version: z.literal(1), day: z.string(), warnings: z.array(z.string()) });

/**
 * Which warnings no report has shown today: Codex gives most of them in every run. Never rejects: a file that cannot be read or
 * written means that they are shown once more.
 */
export async function notTold(state: string, warnings: readonly string[], now: Date): Promise<readonly string[]> {
  if (warnings.length === 0) return [];
  const path = toldWarningsPath(state);
  const day = now.toISOString().slice(0, 10);
  const file = await readJson(path, toldToday).catch(() => null);
  const told = file?.type === "valid" && file.value.day === day ? file.value.warnings : [];
  const fresh = [...new Set(warnings)].filter((warning) => !told.includes(warning));
  if (fresh.length === 0) return [];
  const kept = [...told, ...fresh].slice(-MOST);
  await writeWhole(path, `${JSON.stringify({ schema_version: 1, day, warnings: kept })}\n`).catch(() => {});
  return fresh;
}

// A day has few that differ; more would be ones that never repeat.
const MOST = 50;
