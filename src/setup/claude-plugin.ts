import { join } from "node:path";
import * as z from "zod/mini";
import { readJson } from "../files/json-file.ts";

/** Claude Code's own record of the plugins that it has. */
const installedPlugins = z.object({
  plugins: z.record(z.string(), z.array(z.object({ version: z.string(), installPath: z.string() }))),
});

/** Our plugin in Claude Code's folder, whichever marketplace it came from; null: there is none, or none that can be known. */
export async function findPlugin(
  claude: string,
): Promise<{ readonly version: string; readonly folder: string } | null> {
  const found = await readJson(join(claude, "plugins", "installed_plugins.json"), installedPlugins);
  if (found.type !== "valid") return null;
  const [first] = Object.entries(found.value.plugins).flatMap(([id, all]) => (id.startsWith("ask-codex@") ? all : []));
  return first === undefined ? null : { version: first.version, folder: first.installPath };
}
