import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { declarationsOf } from "../../../src/handoff/source/declarations.ts";
import { testCasesIn } from "../../../src/handoff/source/test-cases.ts";
import { ROOT } from "../../support/paths.ts";
import { parsedBy } from "../../support/samples/parsed.ts";
import { testUnderLoad } from "../../support/trials.ts";

/** Packages as they are installed, that ship their sources or their tests. */
const PACKAGES = ["zod/src", "execa/lib", "fast-uri/test"];

const files = PACKAGES.flatMap((name) => {
  const folder = join(ROOT, "node_modules", name);
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return names.filter((one) => /(?<!\.d)\.[cm]?[jt]s$/.test(one)).map((one) => join(folder, one));
});

/** How much of what an independent parser finds in these files our scanners find, and what they find that is not there. */
function measured(paths: readonly string[]) {
  const missed: string[] = [];
  const invented: string[] = [];
  let tests = 0;
  let exported = 0;
  for (const path of paths) {
    const text = readFileSync(path, "utf8");
    const parsed = parsedBy(path, text);
    if (parsed === null) continue;
    const left = testCasesIn(path, text).cases.map(({ name }) => oneLine(name));
    for (const title of parsed.tests.map(oneLine)) {
      const at = left.indexOf(title);
      if (at === -1) missed.push(`${path}: ${title}`);
      else left.splice(at, 1);
    }
    invented.push(...left.map((name) => `${path}: ${name}`));
    missed.push(...parsed.exports.filter((name) => declarationsOf(path, text, name).length === 0));
    tests += parsed.tests.length;
    exported += parsed.exports.length;
  }
  return { tests, exported, missed, invented };
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

test("in one of eight files of real packages every test case and exported declaration is found, and no other", () => {
  const found = measured(files.filter((_, at) => at % 8 === 0));
  expect(found).toMatchObject({ missed: [], invented: [] });
  expect(found.tests).toBeGreaterThan(200);
  expect(found.exported).toBeGreaterThan(150);
});

testUnderLoad("in all files of real packages as well", async () => {
  const found = measured(files);
  expect(found).toMatchObject({ missed: [], invented: [] });
  expect(found.tests).toBeGreaterThan(2_700);
  expect(found.exported).toBeGreaterThan(2_200);
});
