/**
 * What `git rev-parse --local-env-vars` lists, and a receiving repository's quarantine: set when we are started from a hook or an
 * alias, it would point git at another repository, index or object folder than the one it is called in.
 */
export const REPOSITORY_VARIABLES: ReadonlySet<string> = new Set([
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_COMMON_DIR",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_CONFIG",
  "GIT_CONFIG_PARAMETERS",
  "GIT_GRAFT_FILE",
  "GIT_SHALLOW_FILE",
  "GIT_NO_REPLACE_OBJECTS",
  "GIT_REPLACE_REF_BASE",
  "GIT_PREFIX",
  "GIT_INTERNAL_SUPER_PREFIX",
  "GIT_NAMESPACE",
  "GIT_ATTR_SOURCE",
  "GIT_INDEX_VERSION",
  "GIT_DIFF_OPTS",
  "GIT_EXTERNAL_DIFF",
  "GIT_LITERAL_PATHSPECS",
  "GIT_GLOB_PATHSPECS",
  "GIT_NOGLOB_PATHSPECS",
  "GIT_ICASE_PATHSPECS",
  "GIT_QUARANTINE_PATH",
]);

/** The names in this environment that would point git elsewhere. */
export function redirectingVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const names = Object.keys(env);
  const named = names.filter((name) => REPOSITORY_VARIABLES.has(name));
  // Settings in the environment are the user's (safe.directory in a container), unless one of them names a work tree.
  const config = names.filter((name) => /^GIT_CONFIG_(?:COUNT|KEY_\d+|VALUE_\d+)$/.test(name));
  const redirects = config.some((name) => /^core\.(?:worktree|bare)$/i.test(env[name] ?? ""));
  // In a hook of `git commit` they are those of the commit that is being made, and no later one's.
  const dates = named.length === 0 ? [] : names.filter((name) => /^GIT_(?:AUTHOR|COMMITTER)_DATE$/.test(name));
  return [...named, ...dates, ...(redirects ? config : [])];
}
