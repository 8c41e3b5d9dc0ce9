import { isCovered } from "../../handoff/patterns/covered.ts";
import { type PathPattern, pathPattern } from "../../handoff/patterns/patterns.ts";

/**
 * What no delegation may change unless the person names it: it decides what agents and servers do, or who may do what. Patterns begin at
 * the root of the work tree, so that looking at what git ignores there stays cheap.
 */
const PROTECTED: readonly string[] = [
  // Agents: their settings, hooks and permissions, and ours.
  ...[".claude/", ".codex/", ".agents/", ".ask-codex/", ".mcp.json"],
  // What a server runs on each push.
  ...[".github/", ".gitlab/", ".gitlab-ci.yml", ".circleci/", ".buildkite/", ".travis.yml", ".drone.yml", ".ci/"],
  ...["azure-pipelines.yml", ".azure-pipelines/", "bitbucket-pipelines.yml", "Jenkinsfile", "appveyor.yml"],
  ...[".appveyor.yml", ".woodpecker/", ".woodpecker.yml", ".teamcity/", "cloudbuild.yaml", "buildspec.yml"],
  ...[".forgejo/", ".gitea/", ".semaphore/", ".tekton/"],
  // What git runs on each commit.
  ...[".husky/", ".githooks/", ".pre-commit-config.yaml", "lefthook.yml", ".lefthook.yml"],
];

/** Never, even where a request names it: git's own files are not part of a work tree. */
const NEVER = pathPattern("**/.git/**");
const GIT = /(?:^|\/)\.git(?:\/|$)/i;

/** The protected patterns of which the person has named nothing. */
export function protectedPatterns(named: readonly string[]): readonly string[] {
  return PROTECTED.filter((text) => !named.some((scope) => names(scope, text)));
}

/** Whether a pattern of a request is for git's own files alone. */
export function isGitsOwn(text: string): boolean {
  const pattern = pathPattern(text);
  return GIT.test(pattern.path) || isCovered(pattern, [NEVER]);
}

/** The protected pattern that leaves nothing of this one; undefined: none. */
export function protecting(one: PathPattern, named: readonly string[]): string | undefined {
  return protectedPatterns(named).find((text) => isCovered(one, [pathPattern(text)]));
}

/** `.github/workflows/*.yml` names something of `.github/`, and `**` does not. */
function names(scope: string, text: string): boolean {
  const { path } = pathPattern(scope);
  return text.endsWith("/") ? path.startsWith(text) || path === text.slice(0, -1) : path === text;
}
