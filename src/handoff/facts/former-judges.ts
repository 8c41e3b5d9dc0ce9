import type { FileChange } from "../../workspace/git/diff-trees.ts";
import { looksLikeTest } from "../../workspace/git/test-files.ts";
import { isNamedRewrite } from "../contract/named-deletions.ts";
import type { Handoff } from "../document/handoff.ts";
import { familyOf } from "../source/stripped-text.ts";

/** The files that judged the work before it, and that the work has changed. */
export interface FormerJudges {
  /** To be put back to what they were: raw tests and configuration, by path. */
  readonly paths: readonly string[];
  /** To be left out: the work has added them, and they decide what the others do. */
  readonly added: readonly string[];
  /** Test files that a task says are rewritten or deleted. */
  readonly excepted: readonly string[];
}

/** What decides whether the validation commands succeed, beside the code itself. */
export function formerJudges(handoff: Handoff, files: readonly FileChange[]): FormerJudges {
  const before = files.flatMap(({ path, from, kind }) => (kind === "added" ? [] : [from ?? path]));
  const made = files.flatMap(({ path, from, kind }) => (kind === "added" || from !== undefined ? [path] : []));
  const excepted = before.filter((path) => isTestCode(path) && isNamedRewrite(path, handoff.tasks));
  const judges = before.filter((path) => (isTestCode(path) && !excepted.includes(path)) || isConfiguration(path));
  return { paths: judges, added: made.filter(isConfiguration), excepted };
}

function isTestCode(path: string): boolean {
  return looksLikeTest(path) && familyOf(path) !== null && !isConfiguration(path);
}

/** Configuration of test runners, scripts of manifests, targets, CI. */
export function isConfiguration(path: string): boolean {
  return CONFIGURATION.test(path);
}

const CONFIGURATION = new RegExp(
  [
    String.raw`(?:^|/)(?:package\.json|composer\.json|deno\.jsonc?|conftest\.py|(?:site|user)customize\.py|pytest\.ini|tox\.ini|setup\.cfg|noxfile\.py|pyproject\.toml)$`,
    String.raw`(?:^|/)(?:vite|vitest|jest|ava|karma|playwright|cypress|babel|mocha|wdio|tap|nyc|c8)\.(?:config|workspace|setup)\.\w+$`,
    String.raw`(?:^|/)\.(?:mocharc|nycrc|c8rc|taprc|jestrc|npmrc|rspec)(?:\.\w+)?$`,
    String.raw`(?:^|/)phpunit(?:\.dist)?\.xml(?:\.dist)?$`,
    String.raw`(?:^|/)(?:(?:GNU)?[Mm]akefile|[\w.-]+\.mk|[Jj]ustfile|Taskfile\.ya?ml|Rakefile|[Gg]runtfile\.\w+|gulpfile\.\w+)$`,
    String.raw`^\.(?:github|circleci)/|^(?:\.gitlab-ci\.yml|Jenkinsfile|azure-pipelines\.yml)$|^\.cargo/config(?:\.toml)?$`,
  ].join("|"),
);

/** Whether a command runs tests. */
export function isTestCommand(command: string): boolean {
  return TEST_WORD.test(command.replace(/(^|[;&|(]\s*)test\s+(?=[-!"'$])/g, "$1"));
}

const TEST_WORD =
  /\b(?:tests?|vitest|jest|mocha|ava|tap|jasmine|uvu|pytest|unittest|nose2|tox|nox|phpunit|pest|rspec|ctest|bats|specs?)\b|\bnpm t\b/;
