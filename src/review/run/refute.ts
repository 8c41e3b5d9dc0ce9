import { REFUTER_SCHEMA, type RefuterAnswer, readRefuterAnswer } from "../answer/refuter-answer.ts";
import { anchorQuote } from "../finding/anchor.ts";
import type { Finding } from "../finding/finding.ts";
import { atLeast } from "../finding/finding.ts";
import { pathsOf } from "../finding/place-finding.ts";
import { readFiles } from "../target/file-lookup.ts";
import type { Target } from "../target/target.ts";
import { refuterPrompt } from "../turn/prompts.ts";
import type { Refutation } from "../verdict/verdict.ts";
import type { TurnTaker } from "./turn-taker.ts";

/** Asks a fresh thread to refute what weighs most; by finding id. A refutation counts only with a quote that is really there. */
export async function refuteFindings(
  findings: readonly Finding[],
  target: Target,
  taker: TurnTaker,
): Promise<ReadonlyMap<string, Refutation>> {
  const claims = findings.filter(({ severity }) => atLeast(severity, "major"));
  if (claims.length === 0) return new Map();
  const turn = { prompt: refuterPrompt(target, claims), schema: REFUTER_SCHEMA, read: readRefuterAnswer };
  const end = await taker.take(turn, { kind: "refute", focus: null, files: 0 });
  const answers = end?.answer?.answers ?? [];
  const lookUp = await readFiles(
    target,
    answers.flatMap(({ path }) => path ?? []),
  );
  const asked = new Set(claims.map(({ id }) => id));
  // An answer that is given twice for one finding contradicts itself: the first counts, unless it refutes.
  const known = answers.filter(({ id }) => asked.has(id));
  return new Map(
    [...asked].flatMap((id): readonly (readonly [string, Refutation])[] => {
      const own = known.filter((answer) => answer.id === id);
      const [first] = own;
      if (first === undefined) return [];
      const refuting = own.every(({ answer }) => answer === "refuted");
      return [
        [id, refuting ? held(first, lookUp) : withoutQuote(own.find(({ answer }) => answer !== "refuted") ?? first)],
      ];
    }),
  );
}

type Answer = RefuterAnswer["answers"][number];

function held(answer: Answer, lookUp: Awaited<ReturnType<typeof readFiles>>): Refutation {
  const { path, quote, why } = answer;
  const file =
    path === null
      ? null
      : (pathsOf(path)
          .map(lookUp)
          .find((found) => found !== null) ?? null);
  const anchor = file === null || quote === null ? null : anchorQuote(quote, file);
  if (anchor === null || anchor.type === "unanchored")
    return { answer: "plausible", why: NO_QUOTE, quote: null, place: null };
  const line = anchor.type === "exact" ? anchor.line : (anchor.lines[0] ?? 0);
  return { answer: "refuted", why, quote, place: `${anchor.path}:${line}` };
}

function withoutQuote({ answer, why }: Answer): Refutation {
  return { answer, why, quote: null, place: null };
}

const NO_QUOTE = "it was called refuted without a line of the code that shows it";
