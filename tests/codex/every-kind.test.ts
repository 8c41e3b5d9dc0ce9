import { expect, test } from "vitest";
import { BY_CODE, BY_NAME } from "../../src/codex/classify-problem.ts";
import { type Occasion, SENTENCES } from "../../src/codex/sentences.ts";
import { ERROR_KINDS } from "../../src/errors.ts";
import { ANSWERS } from "./recorded-answers.ts";
import { ERROR_INFOS, REFUSALS, SENTENCES_OF_TURNS, STARTS } from "./recorded-errors.ts";

/** Kinds that no word of Codex's or of a provider's leads to, and where they come from instead. */
const OF_OUR_OWN: Readonly<Record<string, string>> = {
  codex_killed: "how the process ended",
  input_too_large: "the data of a refusal, or our own count",
  empty_answer: "the messages of a turn",
  worker_lost: "a worker that is gone",
  internal: "what nobody foresaw",
  queue: "a queue of batches",
  budget: "the budget of a delegation",
  ...from("Claude Code as an executor", ["claude_missing", "claude_incompatible", "claude_crashed"]),
  ...from("another machine of a batch, by ssh", ["machine_unreachable", "machine_lost"]),
  ...from("a verdict of ours", [
    "findings",
    "review_incomplete",
    "not_reviewed",
    "batch_incomplete",
    "not_applied",
    "no_tasks",
  ]),
  ...from("the command line", ["usage"]),
  ...from("our clocks", ["idle_timeout", "total_timeout"]),
};

function from(where: string, kinds: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(kinds.map((kind) => [kind, where]));
}

const ROWS = [...ANSWERS, ...ERROR_INFOS, ...SENTENCES_OF_TURNS, ...REFUSALS, ...STARTS];
const SAID: Readonly<Record<Occasion, readonly string[]>> = {
  turn: [...SENTENCES_OF_TURNS.map(({ message }) => message), ...ANSWERS.map(({ said }) => String(said))],
  refusal: REFUSALS.map(({ refusal }) => refusal),
  start: STARTS.map(({ stderr }) => stderr),
};

test("every kind of error that Codex's or a provider's answers can lead to has a recorded one", () => {
  const recorded = new Set<string>(ROWS.map(({ kind }) => kind));
  const kinds = Object.keys(ERROR_KINDS);
  expect(kinds.filter((kind) => !recorded.has(kind) && !Object.hasOwn(OF_OUR_OWN, kind))).toEqual([]);
  expect(Object.keys(OF_OUR_OWN).filter((kind) => recorded.has(kind) || !kinds.includes(kind))).toEqual([]);
});

test.each(Object.keys(SENTENCES) as Occasion[])(
  "every sentence of a %s that decides something was recorded",
  (occasion) => {
    const unheard = SENTENCES[occasion].filter(([sentence, kind]) => {
      return !SAID[occasion].some(
        (text) => SENTENCES[occasion].find(([each]) => each.test(text))?.[0] === sentence && kind,
      );
    });
    expect(unheard).toEqual([]);
  },
);

test("every code of a provider and every type of Codex's that decides something was recorded", () => {
  const codes = Object.keys(BY_CODE).filter((code) => !ANSWERS.some(({ message }) => message.includes(`"${code}"`)));
  expect(codes).toEqual([]);
  expect(Object.keys(BY_NAME).filter((name) => !ERROR_INFOS.some(({ info }) => info === name))).toEqual([]);
});
