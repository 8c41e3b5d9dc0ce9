import { redirectingVariables } from "./git-variables.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentChoice {
  /** Pass only what is on the allowlist. */
  readonly clean: boolean;
  /** Names to pass in any case. */
  readonly keep: readonly string[];
}

/**
 * The environment for Codex and for every check of its work: the caller's, less Claude's and Anthropic's own credentials and
 * session variables and what points git at another repository, plus the depth that keeps Codex from calling us back without end.
 */
export function childEnvironment(caller: Environment, choice: EnvironmentChoice): Readonly<Record<string, string>> {
  const keep = new Set(choice.keep);
  const elsewhere = new Set(redirectingVariables(caller));
  const passes = (name: string) =>
    keep.has(name) || (choice.clean ? ALLOWED.test(name) : !CLAUDES_OWN.test(name) && !elsewhere.has(name));
  const passed = Object.entries(caller).flatMap(([name, value]) =>
    value !== undefined && passes(name) ? [[name, value] as const] : [],
  );
  return { ...Object.fromEntries(passed), [DEPTH]: String(depthOf(caller) + 1) };
}

/** The environment of Claude Code as an executor: the caller's whole, with what of the login the user's settings have. */
export function executorEnvironment(
  caller: Environment,
  login: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const elsewhere = new Set(redirectingVariables(caller));
  const passed = Object.entries(caller).flatMap(([name, value]) =>
    value === undefined || elsewhere.has(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(passed), ...login, [DEPTH]: String(depthOf(caller) + 1) };
}

/** How many of our runs this process is inside. */
export function depthOf(env: Environment): number {
  return Math.max(0, Number.parseInt(env[DEPTH] ?? "", 10) || 0);
}

const DEPTH = "ASK_CODEX_DEPTH";
const CLAUDES_OWN = /^(?:ANTHROPIC_|CLAUDE(?:CODE|_|$)|AI_AGENT$|AWS_BEARER_TOKEN_BEDROCK$)/;

/** What a program needs to start, to be read, to reach the network, and to find its Codex. No key, no token. */
const ALLOWED =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|PWD|TERM|COLORTERM|TMPDIR|TZ|LANG|LANGUAGE|LC_\w+|XDG_\w+|CODEX_HOME|CODEX_CA_CERTIFICATE|SSL_CERT_(?:FILE|DIR)|NODE_EXTRA_CA_CERTS|(?:HTTPS?|ALL|NO|FTP)_PROXY|(?:https?|all|no|ftp)_proxy)$/;
