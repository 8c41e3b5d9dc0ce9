import { oneLine } from "../../text/defuse.ts";
import type { Contract } from "../document/handoff.ts";
import type { ChangedFile, Disturbance, Facts } from "../facts/facts.ts";
import { hunksInside } from "../patterns/line-ranges.ts";
import { pathPattern } from "../patterns/patterns.ts";
import type { Finding } from "./finding.ts";
import { namesOf } from "./own-files.ts";

/** What changed while validation ran, and should have stayed: those commands run code that the work has written. */
export function judgeDisturbances(contract: Contract, { disturbances }: Facts): Finding[] {
  return disturbances.flatMap((disturbance) => disturbanceFindings(contract, disturbance));
}

/** The work under the tests from before it. */
export function judgeFormerTests({ former }: Facts): Finding[] {
  if (former === null) return [];
  // Where tests were changed as well, which of the two it is cannot be said.
  const isConfigured = former.configuration.length === former.paths.length;
  const kind = isConfigured
    ? ({ rule: "validation_changed", kind: "failure" } as const)
    : ({ rule: "former_tests" } as const);
  const names = former.paths.slice(0, 5).join(", ");
  return former.failed.map(({ command, detail }) => {
    const end = detail.split("\n").slice(-12).join("\n").slice(-1_200);
    const message = `\`${command}\` fails on the work with these files as they were before it (${names}), and must not; a task may say which test file is rewritten. Its output ended with: ${oneLine(end, 1_200)}.`;
    return { ...kind, path: former.paths[0] ?? null, line: null, message };
  });
}

/** The same of anything else that ran: a hook, the commit. */
export function disturbanceFindings({ handoff }: Contract, disturbance: Disturbance): Finding[] {
  const { command, sealed, headMoved, refsMoved, files } = disturbance;
  const forbid = handoff.scope.forbid.map(pathPattern);
  const finding = (path: string | null, what: string): Finding => {
    const message = `${what} while validation ran (\`${command}\`), and had to stay as it was.`;
    return { rule: "while_validating", path, line: null, message };
  };
  const isForbidden = (file: ChangedFile, path: string) =>
    forbid.some(
      ({ matches, lines }) =>
        matches(path) && (lines === null || file.hunks.length === 0 || hunksInside(file.hunks, lines).length > 0),
    );
  return [
    ...sealed.map((name) => finding(name, `${name} was changed`)),
    ...files.flatMap((file) => {
      const path = namesOf(file).find((name) => isForbidden(file, name));
      return path === undefined ? [] : [finding(path, `${path}, which scope.forbid names, was changed`)];
    }),
    ...(headMoved === null ? [] : [finding(null, "HEAD moved")]),
    ...refsMoved.map(({ ref, from, to }) =>
      finding(null, `The ref ${ref} was ${from === null ? "created" : to === null ? "deleted" : "moved"}`),
    ),
  ];
}
