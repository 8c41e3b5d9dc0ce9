import { escapeRegExp } from "../../text/escape.ts";
import type { FileChange } from "../../workspace/git/diff-trees.ts";
import { looksLikeTest } from "../../workspace/git/test-files.ts";
import { isNamedRewrite } from "../contract/named-deletions.ts";
import type { Handoff } from "../document/handoff.ts";
import { pathMeant, pathWords } from "../document/path-words.ts";
import { familyOf } from "../source/stripped-text.ts";

/** The files that judged the work before it, and that the work has changed. */
export interface FormerJudges {
  /** What must be put back as it was: raw tests and configuration, by path. */
  readonly paths: readonly string[];
  /** What must be left out: the work has added it, and it decides what the others do. */
  readonly added: readonly string[];
  /** Test files that the work has added: one that ends the runner, or patches what is tested, would be the end of the others. */
  readonly newTests: readonly string[];
  /** Test files that a task says are rewritten or deleted. */
  readonly excepted: readonly string[];
}

/** What decides whether the validation commands succeed, beside the code itself. */
export function formerJudges(
  { tasks }: Pick<Handoff, "tasks">,
  files: readonly FileChange[],
  scripts: readonly string[],
): FormerJudges {
  const before = files.flatMap(({ path, from, kind }) => (kind === "added" ? [] : [from ?? path]));
  const made = files.flatMap(({ path, from, kind }) => (kind === "added" || from !== undefined ? [path] : []));
  const isScript = (path: string) => scripts.includes(path);
  const excepted = before.filter(
    (path) => (isTestCode(path) && isNamedRewrite(path, tasks)) || (isScript(path) && isNamed(tasks, path)),
  );
  const judges = before.filter(
    (path) => ((isTestCode(path) || isScript(path)) && !excepted.includes(path)) || isConfiguration(path),
  );
  return { paths: judges, added: made.filter(isConfiguration), newTests: made.filter(isTestCode), excepted };
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
    String.raw`(?:^|/)(?:package\.json|composer\.json|deno\.jsonc?|turbo\.json|nx\.json|bunfig\.toml|hatch\.toml|conftest\.py|(?:site|user)customize\.py|pytest\.ini|tox\.ini|setup\.cfg|noxfile\.py|pyproject\.toml)$`,
    String.raw`(?:^|/)(?:vite|vitest|jest|ava|karma|playwright|cypress|babel|mocha|wdio|tap|nyc|c8)\.(?:config|workspace|setup)\.\w+$`,
    String.raw`(?:^|/)\.(?:mocharc|nycrc|c8rc|taprc|jestrc|npmrc|rspec)(?:\.\w+)?$`,
    // A module of the runner's own name, where Python looks first.
    String.raw`(?:^|/)(?:pytest|_pytest|unittest|doctest|pluggy|nose2|tox|nox)(?:\.py|/__(?:init|main)__\.py)$`,
    String.raw`(?:^|/)phpunit(?:\.dist)?\.xml(?:\.dist)?$`,
    String.raw`(?:^|/)(?:(?:GNU)?[Mm]akefile|[\w.-]+\.mk|\.?[Jj]ustfile|\.?mise\.toml|Taskfile\.ya?ml|Rakefile|[Gg]runtfile\.\w+|gulpfile\.\w+)$`,
    String.raw`^\.(?:github|circleci)/|^(?:\.gitlab-ci\.yml|Jenkinsfile|azure-pipelines\.yml)$|^\.cargo/config(?:\.toml)?$`,
  ].join("|"),
);

const VERB =
  "(?:rewrit\\w*|replac\\w+|delet\\w+|remov\\w+|updat\\w+|adapt\\w*|adjust\\w*|correct\\w*|renam\\w+|convert\\w*|chang\\w+|reword\\w*)";

/** A task says that the test case of this title, in quotes, becomes another one; that it must pass is not enough. */
export function isRewrittenCase(tasks: Handoff["tasks"], title: string): boolean {
  const quoted = `["'\`“”‘’«»「]${escapeRegExp(title)}["'\`“”‘’«»」]`;
  const forms = [
    new RegExp(`\\b${VERB}\\b[^.;]{0,80}${quoted}`, "i"),
    new RegExp(`${quoted}[^.;]{0,40}\\b(?:is|are|must be|should be|gets?|becomes?)\\s+(?:to be\\s+)?${VERB}\\b`, "i"),
  ];
  return title.trim() !== "" && tasks.some(({ text }) => forms.some((form) => form.test(text)));
}

/** A script that is what a task is about cannot judge it as it was. */
function isNamed(tasks: Handoff["tasks"], path: string): boolean {
  return tasks.some(({ text }) => pathWords(text).some((word) => pathMeant(word.path, [path]) !== null));
}

/** Whether a command runs tests. */
export function isTestCommand(command: string): boolean {
  return TEST_WORD.test(command.replace(/(^|[;&|(]\s*)test\s+(?=[-!"'$])/g, "$1"));
}

const TEST_WORD =
  /\b(?:tests?|vitest|jest|mocha|ava|tap|jasmine|uvu|pytest|unittest|nose2|tox|nox|phpunit|pest|rspec|ctest|bats|specs?)\b|\bnpm t\b/;
