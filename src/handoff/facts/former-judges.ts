import type { FileChange } from "../../workspace/git/diff-trees.ts";
import { looksLikeTest } from "../../workspace/git/test-files.ts";
import { isNamedDeletion } from "../contract/named-deletions.ts";
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
  const excepted = before.filter((path) => isTestCode(path) && isGivenUp(handoff, path));
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

/** A task says that the test file is rewritten or deleted; that tests go there is not enough. */
function isGivenUp({ tasks }: Handoff, path: string): boolean {
  if (isNamedDeletion({ path, name: null }, tasks)) return true;
  const name = path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const verb =
    "(?:rewrit\\w*|replac\\w+|delet\\w+|remov\\w+|updat\\w+|adapt\\w*|adjust\\w*|correct\\w*|renam\\w+|convert\\w*)";
  const forms = [
    // "Update the expectations in tests/a.test.js": no other path stands between.
    new RegExp(`\\b${verb}\\b[^./]{0,60}[\`"']?(?:\\./)?${name}(?![\\w/-])`, "i"),
    // "In tests/a.test.js rewrite …", "tests/a.test.js is deleted".
    new RegExp(`${name}[\`"']?,?\\s+(?:(?:is|are|must be|should be|and)\\s+)?${verb}\\b`, "i"),
  ];
  return tasks.some(({ text }) => forms.some((form) => form.test(text)));
}

/** Whether a command runs tests. */
export function isTestCommand(command: string): boolean {
  return TEST_WORD.test(command.replace(/(^|[;&|(]\s*)test\s+(?=[-!"'$])/g, "$1"));
}

const TEST_WORD =
  /\b(?:tests?|vitest|jest|mocha|ava|tap|jasmine|uvu|pytest|unittest|nose2|tox|nox|phpunit|pest|rspec|ctest|bats|specs?)\b|\bnpm t\b/;
