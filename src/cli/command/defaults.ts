import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import { readConfigFile } from "../../files/config/keyed-file.ts";
import type { ProjectConfig } from "../../files/config/project-form.ts";
import { readUserConfig, userConfigPath } from "../../files/config/user-file.ts";
import { upwards } from "../../files/look.ts";
import { isTooLong, parseDuration } from "../../text/words.ts";
import { ownEnvironment } from "../edge/environment.ts";
import { homeFolder } from "../edge/home.ts";

/** A default, and where it comes from. */
export interface Default {
  readonly value: string;
  /** A variable, or the path of a file. */
  readonly from: string;
}

export type DefaultName = keyof typeof VARIABLES;

/** What can have a default of the user's. What goes beyond the workspace, and what is run, can only be given in a command. */
const VARIABLES = {
  model: "ASK_CODEX_MODEL",
  reasoning: "ASK_CODEX_REASONING",
  role: "ASK_CODEX_ROLE",
  sandbox: "ASK_CODEX_SANDBOX",
  timeout: "ASK_CODEX_TIMEOUT",
  idle_timeout: "ASK_CODEX_IDLE_TIMEOUT",
  retry_window: "ASK_CODEX_RETRY_WINDOW",
} as const;

export const DEFAULT_NAMES = Object.keys(VARIABLES) as DefaultName[];

/**
 * The defaults for a folder: of a variable, else of the project's file, which may only narrow, else of the user's file.
 * @throws UsageError for a value that cannot be one, or a key that no such file may have
 */
export async function defaultsFor(folder: string): Promise<Partial<Record<DefaultName, Default>>> {
  const found: Partial<Record<DefaultName, Default>> = {};
  const env = ownEnvironment();
  const [userPath, projectPath] = [userFile(), projectFile(folder)];
  const user: Said = await readUserConfig(userPath);
  const project: Said = await readProject(projectPath);
  for (const name of DEFAULT_NAMES) {
    const own = saidIn(user, name, userPath);
    const narrow = saidIn(project, name, projectPath);
    const value = env[VARIABLES[name]];
    if (own !== undefined) found[name] = own;
    if (narrow !== undefined && isNarrower(name, narrow.value, own?.value)) found[name] = narrow;
    if (value) found[name] = checked(name, value, VARIABLES[name]);
  }
  return found;
}

/** Where the user's own defaults are; null without a home. */
export function userFile(): string | null {
  return userConfigPath(ownEnvironment(), homeFolder());
}

/** Where the defaults of the project around a folder are: beside its `.git`; null where there is no repository. */
export function projectFile(folder: string): string | null {
  for (const at of upwards(folder)) if (existsSync(join(at, ".git"))) return join(at, ".ask-codex", "config.yaml");
  return null;
}

/** What a repository says for everyone who works in it: nothing but what narrows. */
async function readProject(path: string | null): Promise<ProjectConfig> {
  const hint = "A project's file may set sandbox: read-only, timeout and idle_timeout.";
  const rules = async () => ({ form: (await import("../../files/config/project-form.ts")).PROJECT_FORM, hint });
  return (await readConfigFile({ path, follow: false, rules })) ?? {};
}

type Said = Partial<Record<DefaultName, string | number | undefined>>;

function saidIn(said: Said, name: DefaultName, path: string | null): Default | undefined {
  const value = said[name];
  return value === undefined || path === null ? undefined : checked(name, String(value), path);
}

function checked(name: DefaultName, value: string, from: string): Default {
  const isTime = ["timeout", "idle_timeout", "retry_window"].includes(name);
  if (isTime && (parseDuration(value) === null || isTooLong(value)))
    throw new UsageError(`${from}: ${name} is not a time: ${value}`, "Write seconds (600), or 10m, 2h, 7d.");
  if (name === "sandbox" && !["read-only", "workspace-write"].includes(value))
    throw new UsageError(`${from}: sandbox can only be read-only or workspace-write there, not ${value}.`, FULL);
  return { value, from };
}

const FULL = "Full access is said in each command that needs it.";

/** Limits that a program has without any default of the user's. */
const LIMITS: Partial<Record<DefaultName, string>> = { timeout: "600", idle_timeout: "180" };

/** No limit is the widest one. */
function isNarrower(name: DefaultName, value: string, other: string | undefined): boolean {
  if (name === "sandbox") return true;
  const [asked, before] = [value, other ?? LIMITS[name] ?? "0"].map(
    (one) => parseDuration(one) || Number.POSITIVE_INFINITY,
  );
  return (asked ?? 0) < (before ?? 0);
}
