import { createHash } from "node:crypto";
import { join } from "node:path";
import * as z from "zod/mini";
import { type JsonFile, readJson } from "../files/json-file.ts";

/** The file that marks a folder as ours. */
export const MANIFEST = ".ask-codex.json";

/** What we have put into a folder: the SHA-256 of every file, by its path. None where `uninstall` has left files of the user's. */
export interface Manifest {
  readonly name: "ask-codex";
  readonly version: string;
  readonly files: Readonly<Record<string, string>>;
}

export const manifestForm: z.ZodMiniType<Manifest> = z.object({
  name: z.literal("ask-codex"),
  version: z.string(),
  files: z.record(z.string(), z.string()),
});

export async function readManifest(folder: string): Promise<JsonFile<Manifest>> {
  return readJson(join(folder, MANIFEST), manifestForm);
}

export function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
