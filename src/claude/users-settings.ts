import { join } from "node:path";
import * as z from "zod/mini";
import { parseJson } from "../files/json-line.ts";
import { readPlainOr } from "../files/read-plain.ts";

/** What of the user's settings an executor needs although it does not load them. */
export interface UsersSettings {
  /** For `--settings`: no secret is in it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What belongs to the login, for the executor's environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The user's own allow rules: they hold where these settings are loaded. */
  readonly allow: readonly string[];
}

const schema = z.object({
  apiKeyHelper: z.optional(z.string()),
  awsAuthRefresh: z.optional(z.string()),
  awsCredentialExport: z.optional(z.string()),
  gcpAuthRefresh: z.optional(z.string()),
  model: z.optional(z.string()),
  env: z.optional(z.record(z.string(), z.unknown())),
  permissions: z.optional(z.object({ allow: z.optional(z.array(z.string())) })),
});

/** Reads the user's settings; a file that is not there, or not such a file, says nothing. */
export function readUsersSettings(
  env: Readonly<Record<string, string | undefined>>,
  home: string | null,
): UsersSettings {
  const folder = env["CLAUDE_CONFIG_DIR"] || (home === null ? null : join(home, ".claude"));
  const text = folder === null ? null : readPlainOr(join(folder, "settings.json"), null, { follow: true });
  const parsed = schema.safeParse(text === null ? {} : parseJson(text));
  const { env: own = {}, permissions, model, ...helpers } = parsed.success ? parsed.data : {};
  const login = Object.entries(own).flatMap(([name, value]) =>
    LOGIN.test(name) && ["string", "number", "boolean"].includes(typeof value) ? [[name, String(value)] as const] : [],
  );
  // A helper may hold a secret, and others see the arguments of a process: there stands only where to find it.
  const commands = Object.entries(helpers).flatMap(([name, command], at) =>
    command === undefined ? [] : [{ name, command, as: `ASK_CODEX_HELPER_${at}` }],
  );
  return {
    settings: {
      ...Object.fromEntries(commands.map(({ name, as }) => [name, `eval "$${as}"`])),
      ...(model === undefined ? {} : { model }),
    },
    env: { ...Object.fromEntries(login), ...Object.fromEntries(commands.map(({ as, command }) => [as, command])) },
    allow: permissions?.allow ?? [],
  };
}

/** What loading the user's settings lets an executor do, in words. */
export function rulesThatHold({ allow }: Pick<UsersSettings, "allow">): string {
  const rules =
    allow.length === 0 ? "They have no allow rules." : `Their allow rules hold as well: ${allow.join(", ")}.`;
  return `The user's own settings of Claude Code are loaded. ${rules}`;
}

/** Keys, tokens, providers and the way to them. */
const LOGIN =
  /^(?:ANTHROPIC_|AWS_|GOOGLE_|GCLOUD_|VERTEX_|CLOUD_ML_|CLAUDE_CODE_(?:OAUTH|API_KEY|USE|SKIP)_?|NODE_EXTRA_CA_CERTS$|SSL_CERT_|(?:HTTPS?|NO|ALL)_PROXY$)/i;
