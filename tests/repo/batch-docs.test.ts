import { expect, test } from "vitest";
import { PLAN_FIELDS } from "../../src/batch/plan/schema.ts";
import { textOf } from "../support/documents/documents.ts";
import { optionsOf } from "../support/documents/flags.ts";
import { batch, batches } from "../support/documents/programs.ts";

const page = textOf("references/batch.md");

test("batch.md names every flag of a batch and of its commands, and each of these", () => {
  const options = [batch, ...Object.values(batches)].flatMap((command) => optionsOf(command.make()));
  const names = [...new Set(options.flatMap(({ long }) => long ?? []))].filter(
    (name) => !["--help", "--version"].includes(name),
  );
  expect(names.filter((name) => !page.includes(name))).toEqual([]);
  for (const name of Object.keys(batches)) expect(page).toContain(`ask_codex batch ${name}`);
});

test("batch.md names every field of a plan", () => {
  const fields = PLAN_FIELDS.map((field) => field.replace(/^tasks\./, ""));
  expect(fields.filter((field) => !page.includes(`\`${field}\``))).toEqual([]);
});
