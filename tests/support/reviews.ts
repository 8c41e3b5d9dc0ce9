import type { ReviewerAnswer } from "../../src/review/answer/reviewer-answer.ts";
import { type Asked, ask } from "./ask.ts";
import { type Reply, say } from "./model/replies.ts";
import type { ModelRequest } from "./model/server.ts";
import { toldTo } from "./model/wire.ts";
import type { World } from "./world.ts";

type ReportedFinding = ReviewerAnswer["findings"][number];

/** `ask_codex review` in a world. */
export function review(world: World, flags: readonly string[] = []): Promise<Asked> {
  return ask(world, ["review", ...flags]);
}

/** What a reviewer answers: these files read, these findings. */
export function reviewed(files: readonly string[], ...findings: readonly ReportedFinding[]): Reply {
  return answered({
    summary: "Read.",
    verdict: findings.length === 0 ? "clean" : "findings",
    files: files.map((path) => ({ path, status: "reviewed", reason: null })),
    findings: [...findings],
  });
}

/** Any answer, as JSON. */
export function answered(value: unknown): Reply {
  return say(JSON.stringify(value));
}

/** A finding about this code of this file. */
export function finding(path: string, code: string, overrides: Partial<ReportedFinding> = {}): ReportedFinding {
  return {
    title: "Reads past the end of the list",
    severity: "major",
    confidence: 0.9,
    category: "correctness",
    scenario: "With an empty cart the total is NaN.",
    path,
    code,
    suggestion: null,
    ...overrides,
  };
}

/** Whether a request is the refuter's. */
export function isRefuter(request: ModelRequest): boolean {
  return (toldTo(request).at(-1) ?? "").includes("Try to refute");
}

/** Whether a request is that of who writes tests for findings. */
export function isProver(request: ModelRequest): boolean {
  return (toldTo(request).find((text) => text.includes("Prove each of them")) ?? "") !== "";
}

/** The answer of who wrote tests: a command for each finding, by its title; findings that are not named are left out. */
export function proving(request: ModelRequest, commands: Readonly<Record<string, string | null>>): Reply {
  const claims = [
    ...toldTo(request)
      .join("\n")
      .matchAll(/^(f[0-9a-f]{12}): (.*)$/gm),
  ];
  return answered({
    proofs: claims
      .filter(([, , title = ""]) => title in commands)
      .map(([, id, title = ""]) => ({ id, command: commands[title] ?? null, why: "Tried it." })),
  });
}

/** The ids of the findings that a refuter is asked about. */
function claimsIn(request: ModelRequest): readonly string[] {
  return [...(toldTo(request).at(-1) ?? "").matchAll(/^(f[0-9a-f]{12}): /gm)].map(([, id = ""]) => id);
}

/** A refuter that answers the same of every claim. */
export function refuting(
  request: ModelRequest,
  answer: "confirmed" | "plausible" | "refuted",
  quote: string | null = null,
  path: string | null = null,
): Reply {
  return answered({ answers: claimsIn(request).map((id) => ({ id, answer, path, quote, why: "Followed it." })) });
}
