import { isAbsolute, join } from "node:path";
import * as z from "zod/mini";
import { isErrno, messageOf, UsageError } from "../errors.ts";
import { readPlain } from "./read-plain.ts";

const path = z.string().check(z.refine((text) => !/^[/~]|(^|\/)\.\.(\/|$)/.test(text), "is not below the work tree"));

/** The user's own configuration: what no plan and no repository can say. Parts that another version knows are passed over. */
const schema = z.object({
  batch: z.optional(
    z.object({
      /** Ignored files that are copied into every worktree of a batch, `.env` and its kind among them. */
      copy: z.optional(z.array(path)),
    }),
  ),
});

export type UserConfig = z.infer<typeof schema>;

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
  if (file === null) return {};
  let text: string;
  try {
    text = readPlain(file, { follow: true });
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return {};
    throw new UsageError(
      `Your configuration cannot be read: ${file} (${messageOf(error)})`,
      "Repair the file, or move it away.",
    );
  }
  try {
    const { parseYaml } = await import("./yaml.ts");
    const found = schema.safeParse(parseYaml(text) ?? {});
    if (found.success) return found.data;
    const [issue] = found.error.issues;
    throw new Error(`${issue?.path.join(".")}: ${issue?.message}`);
  } catch (error) {
    throw new UsageError(`Your configuration is not usable: ${file} (${messageOf(error)})`, "Fix it, or move it away.");
  }
}
