import { escapeRegExp } from "../../text/escape.ts";
import { looksLikeTest } from "../../workspace/git/test-files.ts";
import type { Contract } from "../document/handoff.ts";
import type { Facts, Validation } from "../facts/facts.ts";
import type { Finding } from "./finding.ts";
import { brokenInterfaces } from "./kept-interfaces.ts";
import { placeIn } from "./output-places.ts";
import { workOf } from "./own-files.ts";

/** What was asked for and is missing, or does not hold. Codex can repair it. */
export function judgeDelivery(contract: Contract, facts: Facts): Finding[] {
  return [
    ...judgeSignatures(contract, facts),
    ...facts.validation.filter(({ passed }) => !passed).map((validation) => judgeValidation(validation, facts)),
    ...facts.missingFiles.map((path): Finding => {
      return { rule: "expect_files", path, line: null, message: `${path} must exist after the work, and does not.` };
    }),
    ...judgeChangesDoc(contract, facts),
    ...judgeNewTests(contract, facts),
  ];
}

function judgeSignatures(contract: Contract, facts: Facts): Finding[] {
  return brokenInterfaces(contract, facts)
    .filter(({ type }) => type === "missing")
    .map(({ path, message }) => ({ rule: "signatures", path, line: null, message }));
}

function judgeValidation({ command, exitCode, detail, passedBefore }: Validation, { files }: Facts): Finding {
  const end = exitCode === null ? "did not finish" : `exited with code ${exitCode}`;
  const place = placeIn(detail, files);
  const since =
    passedBefore === true
      ? " It succeeded before the work, which broke it."
      : passedBefore === false
        ? " It failed before the work as well."
        : "";
  const message = `\`${command}\` ${end}, and must exit with 0.${since}`;
  return { rule: "validation", path: place?.path ?? null, line: place?.line ?? null, message };
}

function judgeChangesDoc(contract: Contract, facts: Facts): Finding[] {
  const path = contract.handoff.changesDoc;
  if (path === null) return [];
  const common = { rule: "changes_doc", path, line: null } as const;
  const files = workOf(contract, facts).filter((file) => !file.ignored && file.path !== path);
  if (facts.changesDoc === null) {
    return [{ ...common, message: `${path} is not there; it must name every changed file and what was done in it.` }];
  }
  const text = facts.changesDoc;
  const unnamed = files.map((file) => file.path).filter((name) => !names(text, name));
  return unnamed.map((name) => ({ ...common, message: `${path} does not name ${name}, which was changed; it must.` }));
}

/** Whether a path stands in a text on its own, not as a part of a longer one. */
function names(text: string, path: string): boolean {
  const pattern = escapeRegExp(path);
  const alone = new RegExp(`(?<![\\w./-])(?:\\./)?${pattern}(?![\\w/-]|\\.\\w)`);
  // Markdown may have a backslash before what it would read as its own.
  return alone.test(text) || alone.test(text.replace(/\\([_*[\]()#.!`~-])/g, "$1"));
}

function judgeNewTests(contract: Contract, facts: Facts): Finding[] {
  if (!contract.guardrails.requireTests) return [];
  const tests = facts.files.filter(({ path, kind, ignored }) => !ignored && kind !== "deleted" && looksLikeTest(path));
  if (tests.length > 0) return [];
  const message = "No test was added or changed, and guardrails.require_tests asks for tests of what was done.";
  return [{ rule: "require_tests", path: null, line: null, message }];
}
