import type { Facts } from "../facts/facts.ts";
import { isConfiguration } from "../facts/former-judges.ts";
import type { Finding } from "./finding.ts";

/** What decides whether validation succeeds, and was not the work's to change: out of scope, or where git does not look. */
export function judgeRunners({ runnersChanged, former }: Facts, scope: readonly Finding[]): Finding[] {
  const finding = (path: string, what: string): Finding => {
    const message = `${path} ${what}, which decides whether validation succeeds; it had to stay as it was.`;
    return { rule: "validation_changed", path, line: null, message };
  };
  const isJudge = (path: string) => isConfiguration(path) || former?.configuration.includes(path) === true;
  const outside = scope.flatMap(({ rule, path }) => (rule !== "lines" && path !== null && isJudge(path) ? [path] : []));
  return [
    ...outside.map((path) => finding(path, "is out of scope and was changed")),
    ...runnersChanged.map((path) => finding(path, "is a program that validation commands start and was changed")),
  ];
}
