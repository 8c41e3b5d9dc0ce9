import { isNamedDeletion } from "../contract/named-deletions.ts";
import type { Contract } from "../document/handoff.ts";
import type { Facts } from "../facts/facts.ts";
import { isManifest, newDependencies } from "../source/dependencies.ts";
import type { Finding } from "./finding.ts";
import { brokenInterfaces } from "./kept-interfaces.ts";
import { type LostTest, testsLost } from "./tests-lost.ts";

/** What must not happen inside of files, whether or not they may be changed. */
export function judgeContents(contract: Contract, facts: Facts): Finding[] {
  return [...judgeInterfaces(contract, facts), ...judgeDependencies(contract, facts), ...judgeTests(contract, facts)];
}

function judgeInterfaces(contract: Contract, facts: Facts): Finding[] {
  return brokenInterfaces(contract, facts)
    .filter(({ type }) => type === "broken")
    .map(({ path, line, message }) => ({ rule: "interfaces", path, line, message }));
}

function judgeDependencies({ guardrails }: Contract, { files, siblings }: Facts): Finding[] {
  const allowed = guardrails.allowDependencies;
  if (allowed === true) return [];
  return files
    .filter(({ path, ignored }) => !ignored && isManifest(path))
    .flatMap((file) => {
      const names = newDependencies(file.path, file, siblings).filter(
        (name) => allowed === false || !allowed.includes(name.replace(/ \(.*\)$/, "")),
      );
      return names.map((name) => {
        const line = lineOf(file.after, name);
        const right = allowed === false ? "none may be added" : `only these may be added: ${allowed.join(", ")}`;
        const message = `${file.path} depends on ${name} now, which it did not before; ${right}.`;
        return { rule: "dependencies", path: file.path, line, message } as const;
      });
    });
}

function judgeTests({ guardrails, handoff }: Contract, facts: Facts): Finding[] {
  if (!guardrails.forbidDeletedTests) return [];
  const files = facts.files.filter(({ ignored }) => !ignored);
  const gone = ({ path, name }: LostTest) =>
    name === null
      ? `The test file ${path} is gone, and no task says so; tests must stay, and pass.`
      : `The test ${JSON.stringify(name)} is gone from ${path}; what it tested must stay, and pass.`;
  const leftOut = ({ path, name, line }: LostTest) =>
    `${path}:${line} leaves out tests (${JSON.stringify(name)}); none may be skipped or run alone that was not so before.`;
  const { deleted, skipped } = testsLost(files);
  const unnamed = deleted.filter((lost) => !isNamedDeletion(lost, handoff.tasks));
  return [
    ...unnamed.map(
      (lost) => ({ rule: "deleted_tests", path: lost.path, line: lost.line, message: gone(lost) }) as const,
    ),
    ...skipped.map(
      (lost) => ({ rule: "skipped_tests", path: lost.path, line: lost.line, message: leftOut(lost) }) as const,
    ),
  ];
}

function lineOf(text: string | null, name: string): number | null {
  // A name that is made of two, group and artifact: the second is the one of the two that is rare.
  const written =
    name
      .replace(/ \(.*\)$/, "")
      .split(":")
      .at(-1)
      ?.toLowerCase() ?? name;
  const at = text?.split("\n").findIndex((line) => line.toLowerCase().includes(written)) ?? -1;
  return at === -1 ? null : at + 1;
}
