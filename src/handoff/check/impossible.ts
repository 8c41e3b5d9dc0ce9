import { looksLikeTest } from "../../workspace/git/test-files.ts";
import { namedFiles } from "../contract/named-files.ts";
import { lineOf } from "../document/field-lines.ts";
import { type Gap, gap } from "../document/gap.ts";
import type { Guardrails } from "../document/handoff.ts";
import type { HandoffDocument } from "../document/parsed.ts";
import { pathsNamedBy } from "../patterns/covered.ts";
import { pathPattern } from "../patterns/patterns.ts";
import { isManifest } from "../source/dependencies.ts";
import { provesNothing } from "./proves-nothing.ts";

/** What a document asks for and rules out at once: work that could not end well, however it is done. */
export function impossible(
  { handoff, lines }: HandoffDocument,
  { guardrails }: { readonly guardrails: Guardrails },
): readonly Gap[] {
  const { scope, expectFiles, validation } = handoff;
  const at = (field: string) => lineOf(lines, field) ?? lineOf(lines, "scope.files") ?? 1;
  const canChange = (isOne: (path: string) => boolean) =>
    [...scope.files, ...expectFiles].map(pathPattern).some((pattern) => {
      const named = pathsNamedBy(pattern);
      // What stands for any number of files may stand for one of these.
      return named.length === 0 ? mayBe(pattern.path, isOne) : named.some(isOne);
    });
  const named = namedFiles(handoff).size;
  const { maxFiles, requireTests } = guardrails;
  const allowed = handoff.guardrails.allowDependencies ?? false;
  const wantsDependencies = allowed === true || (typeof allowed === "object" && allowed.length > 0);
  return [
    ...(named > maxFiles
      ? [
          gap(
            at("guardrails.max_files"),
            `The document names ${named} files to be changed, and guardrails.max_files allows ${maxFiles}.`,
            "Raise guardrails.max_files, or leave it out: by default all files that are named may change.",
          ),
        ]
      : []),
    ...(requireTests && !canChange(holdsOwnTests)
      ? [
          gap(
            at("guardrails.require_tests"),
            "guardrails.require_tests asks for tests, and no test is in scope.",
            "Add the test file to scope.files, or leave require_tests out.",
          ),
        ]
      : []),
    ...(wantsDependencies && !canChange(isManifest)
      ? [
          gap(
            at("guardrails.allow_dependencies"),
            "guardrails.allow_dependencies allows new dependencies, and no manifest is in scope.",
            "Add the manifest (package.json, pyproject.toml …) and its lock file to scope.files, or leave allow_dependencies out.",
          ),
        ]
      : []),
    ...(validation.length > 0 && validation.every(provesNothing)
      ? [
          gap(
            at("validation"),
            `\`${validation.join("`, `")}\` succeeds whatever the work is like.`,
            "Name a command that fails when the work is wrong; `git diff --check` is one that runs anywhere.",
          ),
        ]
      : []),
  ];
}

/** A pattern whose last name is given is for such files alone. */
function mayBe(glob: string, isOne: (path: string) => boolean): boolean {
  const name = glob.split("/").at(-1) ?? "";
  return name === "" || /[*?{[(]/.test(name) || isOne(glob.replace(/\*\*\//g, ""));
}

/** In Rust, tests stand beside the code. */
function holdsOwnTests(path: string): boolean {
  return looksLikeTest(path) || path.endsWith(".rs");
}
