import { looksLikeTest } from "../../workspace/git/test-files.ts";
import { validationCommand } from "../document/validation-command.ts";
import { familyOf } from "../source/stripped-text.ts";
import { testCasesIn } from "../source/test-cases.ts";
import type { ChangedFile } from "./facts.ts";
import { isConfiguration } from "./former-judges.ts";

/** What checks go by and what is not tried as it was before the work, for honest work needs it as it is now: only named. */
export interface LooseJudges {
  /** Settings of checkers and builds, data of tests, programs that validation commands start. */
  readonly files: readonly string[];
  /** New marks that switch a checker, or code, off, as `path:line`. */
  readonly switches: readonly string[];
  /** Tests that stand in the code itself and do something else now, or nothing, as `path "name"`. */
  readonly inCode: readonly string[];
}

/** Among the files of the work. `former`: those that were tried as they were. */
export function looseJudges(
  files: readonly ChangedFile[],
  commands: readonly string[],
  former: readonly string[],
): LooseJudges {
  const started = new Set(commands.flatMap((command) => startedBy(validationCommand(command).command)));
  const names = files.flatMap(({ path, kind }) => {
    if (former.includes(path) || isConfiguration(path)) return [];
    // Test code is tried as it was, or a task gives it up.
    if (looksLikeTest(path)) return kind === "added" || familyOf(path) !== null ? [] : [path];
    return SETTINGS.test(path) || (kind !== "added" && started.has(path)) ? [path] : [];
  });
  return { files: names, switches: files.flatMap(switchesIn), inCode: files.flatMap(changedInCode) };
}

function switchesIn({ path, after, hunks }: ChangedFile): readonly string[] {
  if (after === null || familyOf(path) === null) return [];
  const lines = after.split("\n");
  return hunks.flatMap((hunk) => {
    const added = lines.slice(hunk.after.start - 1, hunk.after.start - 1 + hunk.after.count);
    return added.flatMap((line, at) => (SWITCH.test(line) ? [`${path}:${hunk.after.start + at}`] : []));
  });
}

function changedInCode({ path, from = path, before, after }: ChangedFile): readonly string[] {
  if (before === null || after === null || looksLikeTest(from) || looksLikeTest(path)) return [];
  const kept = new Map(testCasesIn(path, after).cases.map(({ key, body }) => [key, body]));
  return testCasesIn(from, before).cases.flatMap(({ key, name, body }) =>
    kept.has(key) && kept.get(key) !== body ? [`${path} ${JSON.stringify(name)}`] : [],
  );
}

/** The files that a command has an interpreter run, or runs itself. */
function startedBy(command: string): readonly string[] {
  return [...command.matchAll(STARTS)].flatMap(([, path]) => path ?? []);
}

const STARTS =
  /(?:\b(?:node|bun|tsx|ts-node|deno run|python[\d.]*|ruby|php|perl)\s+(?:-\S+\s+)*|(?:^|[;&|(]\s*)(?=\S*\/))(?:\.\/)?([\w./-]+)/g;

const SETTINGS = new RegExp(
  [
    String.raw`(?:^|/)(?:[jt]sconfig[\w.-]*\.json|biome\.jsonc?|\.?oxlintrc\.json|\.?ruff\.toml|\.?mypy\.ini|pyrightconfig\.json|\.flake8|\.?pylintrc|\.?clippy\.toml|\.rubocop\.ya?ml|\.golangci\.ya?ml|phpstan\.neon(?:\.dist)?|psalm\.xml|detekt\.ya?ml|checkstyle\.xml|\.clang-tidy)$`,
    String.raw`(?:^|/)(?:eslint|prettier|stylelint|commitlint)\.config\.\w+$|(?:^|/)\.(?:eslint|prettier|stylelint)(?:rc|ignore)(?:\.\w+)?$`,
    String.raw`(?:^|/)(?:Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|build\.sbt|CMakeLists\.txt|meson\.build|mix\.exs|Package\.swift|[\w.-]+\.(?:cs|fs)proj|BUILD(?:\.bazel)?|[\w.-]+\.(?:inc|mak|make|cmake|gradle))$`,
  ].join("|"),
);

const SWITCH =
  /@ts-(?:nocheck|ignore|expect-error)\b|\beslint-disable|\bbiome-ignore\b|\boxlint-disable|#\s*(?:type:\s*ignore|noqa|pylint:\s*disable|pyright:\s*ignore|mypy:)|\bnolint\b|#!?\[allow\(|#!?\[cfg\((?:any\(\)|false|not\(all\(\)\))\)|@SuppressWarnings\b|\bphpcs:ignore|@phpstan-ignore|\brubocop:disable\b|\bNOLINT\b|(?:istanbul|c8|v8) ignore\b|\bpragma:\s*no cover/;
