import { isAbsolute, join } from "node:path";
import { readConfigFile } from "./keyed-file.ts";
import type { UserConfig } from "./user-form.ts";

/** $XDG_CONFIG_HOME/ask-codex/config.yaml, else ~/.config/ask-codex/config.yaml; null without a home. */
export function userConfigPath(env: Readonly<Record<string, string | undefined>>, home: string | null): string | null {
  const xdg = env["XDG_CONFIG_HOME"];
  const folder = xdg && isAbsolute(xdg) ? xdg : home === null ? null : join(home, ".config");
  return folder === null ? null : join(folder, "ask-codex", "config.yaml");
}

/**
 * Reads it; empty where there is none.
 * @throws UsageError for a file that cannot be read, or does not fit
 */
export async function readUserConfig(file: string | null): Promise<UserConfig> {
  return (await readConfigFile({ path: file, follow: true, rules })) ?? {};
}

async function rules() {
  const { USER_FORM: form } = await import("./user-form.ts");
  return { form, hint: `A user's file may set ${Object.keys(form.def.shape).join(", ")}.` };
}
