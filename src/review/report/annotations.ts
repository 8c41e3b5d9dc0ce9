import { isOpen, type JudgedFinding } from "../verdict/verdict.ts";

/** Workflow commands of GitHub Actions, one for each open finding. */
export function annotations(findings: readonly JudgedFinding[]): readonly string[] {
  return findings.filter(isOpen).map(({ severity, title, scenario, path, anchor }) => {
    const place =
      anchor.type === "exact" && anchor.side === "new" ? [`line=${anchor.line}`, `endLine=${anchor.endLine}`] : [];
    const level =
      severity === "blocker" || severity === "major" ? "error" : severity === "minor" ? "warning" : "notice";
    const properties = [`file=${property(path)}`, ...place, `title=${property(title)}`];
    return `::${level} ${properties.join(",")}::${data(scenario)}`;
  });
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
