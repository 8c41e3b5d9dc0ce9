import { expect, test } from "vitest";
import { committed } from "../../support/git/repository.ts";
import { applied, filesOf, kindsOf, openSession } from "../../support/git/worktrees.ts";
import { withCases } from "../../support/suite.ts";

const LINES = Array.from({ length: 30 }, (_, at) => `line ${at}\n`).join("");

const SETTINGS: readonly (readonly [name: string, value: string])[] = [
  ["diff.noprefix", "true"],
  ["diff.mnemonicPrefix", "true"],
  ["diff.external", "echo external"],
  ["diff.spy.command", "echo command"],
  ["diff.spy.textconv", "echo textconv #"],
  ["diff.spy.binary", "true"],
  ["diff.renames", "false"],
  ["diff.renames", "copies"],
  ["diff.renameLimit", "1"],
  ["diff.context", "0"],
  ["diff.interHunkContext", "20"],
  ["diff.suppressBlankEmpty", "true"],
  ["diff.orderFile", ".gitattributes"],
  ["diff.relative", "true"],
  ["diff.algorithm", "patience"],
  ["diff.submodule", "log"],
  ["color.ui", "always"],
  ["color.diff", "always"],
  ["core.quotePath", "false"],
  ["core.abbrev", "4"],
  ["core.pager", "cat -n"],
  ["core.attributesFile", "/dev/null"],
  ["format.pretty", "oneline"],
];

// One setting of each kind that git has: prefixes, programs, renames, colours.
const STANDING = ["diff.noprefix", "diff.external", "diff.spy.textconv", "diff.renames", "color.ui"];
const stands = ([name]: readonly [name: string, value: string]) => STANDING.includes(name);

const cases = { change: SETTINGS.filter(stands), matrix: SETTINGS.filter((one) => !stands(one)) };
withCases(cases, (settings) => {
  test.each(settings)("the setting %s=%s does not change the form", async (name, value) => {
    const repository = committed({
      ".gitattributes": "*.txt diff=spy\n",
      "a.txt": `${LINES}\n${LINES}`,
      "b.txt": LINES,
    });
    const session = await openSession(repository);
    session.write("a.txt", `${LINES.replace("line 29", "é")}\n${LINES.replace("line 9", "9")}`);
    session.remove("b.txt");
    session.write("moved é.txt", LINES.replace("line 7", "line seven"));
    const plain = await session.patch();
    repository.git("config", name, value);
    const configured = await session.patch();
    if (name !== "diff.spy.binary") expect(configured.patch.toString()).toBe(plain.patch.toString());
    expect(kindsOf(configured)).toEqual(kindsOf(plain));
    expect(applied(repository, configured)).toEqual(filesOf(session));
  });
});
