import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { statsJson } from "../../src/cli/stats/json.ts";
import { isViolation, RULES, type Rule } from "../../src/handoff/judge/finding.ts";
import { SCOPE_RULES } from "../../src/ledger/counted-run.ts";
import { digestPath, ledgerEntrySchema, ledgerPath } from "../../src/ledger/ledger.ts";
import { TARGETS } from "../../src/ledger/stats.ts";
import { chapterOf } from "../support/documents/documents.ts";
import { inWords, optionsOf } from "../support/documents/flags.ts";
import { codeIn, fencesIn, proseOf, rowsUnder, sectionOf } from "../support/documents/markdown.ts";
import { commandOf, subcommands } from "../support/documents/programs.ts";
import { handoffEntry, statsOfEntries } from "../support/samples/ledger.ts";

const section = sectionOf(chapterOf("invocation"), "ask_codex stats");
const json = statsJson(statsOfEntries([handoffEntry([])]), {
  since: null,
  project: null,
  skipped: 0,
  ledger: "",
  html: null,
});

test("every option of ask_codex stats is told, with its default, and no other", () => {
  const told = rowsUnder(section, "Option").map(([option, value]) => [option, value]);
  const real = optionsOf(commandOf(subcommands, "stats").make()).map(({ flags, defaultValue }) => [
    `\`${flags}\``,
    inWords(defaultValue),
  ]);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(real));
  expect(told).toHaveLength(real.length);
});

test("every option but those of every command has an example", () => {
  const examples = fencesIn(section).join("\n");
  for (const { long } of optionsOf(commandOf(subcommands, "stats").make()))
    if (long !== "--version" && long !== "--help") expect(examples).toContain(long);
});

describe("the figures", () => {
  const rows = rowsUnder(section, "Figure");

  test("are all told, and no other", () => {
    const { runs: _, ...figures } = json.overall;
    expect(rows.flatMap(([names = ""]) => codeIn(names)).sort()).toEqual(Object.keys(figures).sort());
  });

  test("have the targets of the program", () => {
    const told = rows.flatMap(([, , target]) => (target ? [target] : []));
    expect(told).toEqual(Object.values(TARGETS).map((target) => `over ${target * 100} %`));
  });

  test("of the scope count the violations of the rules that are told", () => {
    const [, what = ""] = rows.find(([name]) => name === "`in_scope`") ?? [];
    expect(codeIn(what)).toEqual(SCOPE_RULES);
    const isRule = (name: string): name is Rule => Object.hasOwn(RULES, name);
    const message = { path: null, line: null, message: "" };
    expect(SCOPE_RULES.filter((rule) => !isRule(rule) || !isViolation({ rule, ...message }))).toEqual([]);
  });
});

test("every key of the --json object is told", () => {
  const told = codeIn(proseOf(section));
  const keys = [...Object.keys(json), ...Object.keys(json.overall.completed)];
  expect(keys.filter((key) => !told.includes(key))).toEqual([]);
});

test("every field of the ledger is told, in its order, and no other; and the names of the files", () => {
  const told = rowsUnder(section, "Field").flatMap(([fields = ""]) => codeIn(fields));
  expect(told).toEqual(Object.keys(ledgerEntrySchema.shape));
  const { checks, handoff, tokens } = ledgerEntrySchema.shape;
  const inner = [checks, handoff.def.innerType, tokens.def.innerType].flatMap(({ shape }) => Object.keys(shape));
  const values = rowsUnder(section, "Field").flatMap(([, value = ""]) => codeIn(value));
  expect(inner.filter((key) => !values.includes(key))).toEqual([]);
  expect(values).toEqual(expect.arrayContaining([...ledgerEntrySchema.shape.kind.options]));
  for (const path of [ledgerPath("state"), digestPath("state")]) expect(codeIn(section)).toContain(basename(path));
});
