import { CATEGORIES, type Severity } from "../finding/finding.ts";
import type { ReviewOutcome } from "../run/outcome.ts";
import type { JudgedFinding } from "../verdict/verdict.ts";

/**
 * The review as a SARIF 2.1.0 log. Fingerprints, baseline and suppressions keep a viewer from opening the same alert again at every push;
 * a review that is not complete says that its execution was not successful, so that nothing is closed for it.
 */
export function toSarif(outcome: ReviewOutcome, version: string) {
  const { verdict, findings, missing, error } = outcome;
  const whole = verdict === "clean" || verdict === "findings" || verdict === "nothing";
  const notifications =
    error === null ? {} : { toolExecutionNotifications: [{ level: "error", message: { text: error.message } }] };
  const gone = missing.filter(({ now }) => now === "resolved");
  return {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "ask-codex review", version, rules: CATEGORIES.map((id) => ({ id, name: id })) } },
        invocations: [
          {
            executionSuccessful: whole && outcome.signal === null,
            startTimeUtc: outcome.startedAt,
            ...notifications,
          },
        ],
        columnKind: "utf16CodeUnits",
        results: [
          ...findings.map(resultOf),
          ...gone.map(({ id, category, severity, title, path }) => ({
            ruleId: category,
            level: LEVELS[severity],
            message: { text: title },
            locations: [{ physicalLocation: { artifactLocation: location(path) } }],
            partialFingerprints: { [FINGERPRINT]: id },
            baselineState: "absent",
          })),
        ],
      },
    ],
  };
}

const FINGERPRINT = "askCodexFinding/v1";

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  blocker: "error",
  major: "error",
  minor: "warning",
  nit: "note",
};

function resultOf(finding: JudgedFinding) {
  const { id, category, severity, title, scenario, anchor, path, confidence, state, decision, refutation, proof } =
    finding;
  const region = regionOf(finding);
  const reason = suppressionOf(finding);
  return {
    ruleId: category,
    level: LEVELS[severity],
    rank: Math.round(confidence * 100),
    message: { text: `${title}\n\n${scenario}` },
    locations: [{ physicalLocation: { artifactLocation: location(path), ...(region === null ? {} : { region }) } }],
    partialFingerprints: { [FINGERPRINT]: id },
    baselineState: state === "persisting" ? "unchanged" : "new",
    ...(reason === null ? {} : { suppressions: [{ kind: "external", status: "accepted", justification: reason }] }),
    properties: {
      severity,
      anchor: anchor.type,
      state,
      ...(decision === null ? {} : { decision: decision.resolution }),
      ...(refutation === null ? {} : { refutation: refutation.answer }),
      ...(proof === null ? {} : { proof: proof.result }),
    },
  };
}

/** Lines of the new side alone: a viewer shows them in the file as it is now. */
function regionOf({ anchor }: JudgedFinding) {
  if (anchor.type !== "exact" || anchor.side === "old") return null;
  return { startLine: anchor.line, endLine: anchor.endLine };
}

function suppressionOf({ decision, refutation }: JudgedFinding): string | null {
  if (decision !== null) return `${decision.resolution}: ${decision.why}`;
  return refutation?.answer === "refuted" ? `refuted: ${refutation.why}` : null;
}

function location(path: string) {
  return { uri: path.split("/").map(encodeURIComponent).join("/"), uriBaseId: "SRCROOT" };
}
