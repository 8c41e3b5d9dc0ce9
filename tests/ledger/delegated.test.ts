import { expect, test } from "vitest";
import type { LedgerEntry } from "../../src/ledger/ledger.ts";
import { delegatedWords } from "../../src/ledger/words.ts";
import { entry, handoffEntry, statsOfEntries } from "../support/samples/ledger.ts";

function delegation(orchestration: string, task_id: string, parts: Partial<LedgerEntry> = {}): LedgerEntry {
  const { handoff } = handoffEntry([]);
  return entry({
    ...{ kind: "delegation", orchestration, list_price_usd: 0.25 },
    handoff: handoff && { ...handoff, task_id },
    ...parts,
  });
}

test("a task has the time and the price of all its delegations, and an id is its orchestration's own", () => {
  const { delegated } = statsOfEntries([delegation("a", "t-1"), delegation("a", "t-1"), delegation("b", "t-1")]);
  expect(delegated).toEqual({
    ...{ tasks: 2, delegations: 3, medianMs: 1_500, priced: 2 },
    ...{ listPriceUsd: 0.75, listPriceMeanUsd: 0.375 },
  });
});

test("a price that is not known is left out, and is never 0", () => {
  const unknown = delegation("a", "t-1", { list_price_usd: null });
  const { delegated } = statsOfEntries([unknown, delegation("a", "t-2")]);
  expect(delegated).toMatchObject({ priced: 1, listPriceUsd: 0.25 });
  expect(delegated && delegatedWords(delegated)).toBe(
    "2 tasks, 2 delegations; a task: 1.0 s median, $0.2500 at list prices on average (known of 1)",
  );
  expect(statsOfEntries([unknown]).delegated).toMatchObject({ priced: 0, listPriceUsd: null, listPriceMeanUsd: null });
});

test("the directions stand apart as soon as Codex has led", () => {
  const led = [entry(), handoffEntry([])];
  expect(statsOfEntries(led)).toMatchObject({ directions: [], delegated: null });
  const both = [...led, entry({ kind: "orchestration" }), delegation("a", "t-1"), delegation("a", "t-2"), entry()];
  expect(statsOfEntries(both).directions.map(({ name, figures }) => [name, figures.runs])).toEqual([
    ["Codex is led", 3],
    ["delegated by Codex", 2],
    ["Codex leads", 1],
  ]);
});
