import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { table } from "../../src/cli/setup/table.ts";
import { ROOT } from "../support/paths.ts";

const FOLDER = join(ROOT, ".github", "ISSUE_TEMPLATE");
const forms = (await readdir(FOLDER)).filter((name) => name !== "config.yml");

test.each(forms)("the issue form %s asks for something, and names no command that does not exist", async (name) => {
  const text = await readFile(join(FOLDER, name), "utf8");
  const form = parse(text);
  const asked = form.body.filter(({ type }: { type: string }) => type !== "markdown");
  expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
  expect(asked.map(({ id }: { id: string }) => id)).not.toContain(undefined);
  const places = table();
  for (const [, program = "", words = ""] of text.matchAll(/`(ask[-_]codex|codex_broker)((?: [\w-]+)*)`/g)) {
    const [first = "", ...flags] = words.trim().split(" ");
    const at = first.startsWith("-") || first === "" ? program : `${program} ${first}`;
    const place = places.find((known) => known.at === at);
    const known = place?.flags.flatMap(({ names }) => names) ?? [];
    expect([at, place?.at]).toEqual([at, at]);
    expect(known).toEqual(expect.arrayContaining([first, ...flags].filter((word) => word.startsWith("-"))));
  }
});
