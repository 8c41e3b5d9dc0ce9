import { copyFile, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { BROKER, PROGRAM, SETUP } from "../../support/programs.ts";
import { withCases } from "../../support/suite.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";
import { type Shell, shellIn } from "./at-a-tab.ts";

const installed = await Promise.all(
  (["bash", "zsh", "fish"] as const).map(async (shell) => {
    const { failed } = await execa(shell, ["--version"], { reject: false });
    return failed ? [] : [shell];
  }),
);

// Not on PATH, and below a name that a shell would split.
const PLACE = "my skills/ask-codex/scripts";

const isSlow = (shell: string) => shell === "fish";
const shells = installed.flat();

withCases({ change: shells.filter((shell) => !isSlow(shell)), matrix: shells.filter(isSlow) }, (cases) => {
  describe.each(cases)("in %s", (name) => {
    test("commands, flags, values and files are completed, wherever the programs are", async () => {
      await using home = await homeWithPrograms();
      await using shell = await shellIn(name, home.path, join(home.path, PLACE, "ask-codex"));
      await writeFile(join(home.path, "with blank.md"), "");
      await offers(shell, "ask-codex han", "handoff");
      await offers(shell, "ask_codex --verify-c", "--verify-cmd");
      await offers(shell, "ask_codex 'a task' --no-an", "--no-answer");
      await offers(shell, "codex_broker start --approvals n", "never");
      await offers(shell, "ask_codex --sandbox=re", "--sandbox=read-only");
      await offers(shell, "ask_codex handoff check with", /with(\\)? blank\.md/);
      await offers(shell, "ask_codex --output=with", /--output=with(\\)? blank\.md/);
      await offers(shell, `~/${PLACE.replace(" ", "\\ ")}/codex_broker sen`, "send");
    });

    test("nothing that was typed is run", async () => {
      await using home = await homeWithPrograms();
      await using shell = await shellIn(name, home.path, join(home.path, PLACE, "ask-codex"));
      // Only zsh has patterns that run something.
      const runs = [
        "$(touch made1)",
        "`touch made2`",
        '"$(touch made3)"',
        ...(name === "zsh" ? ["*(e:'touch made4':)"] : []),
      ];
      await offers(shell, `ask_codex ${runs.join(" ")} 'a;touch made5' > made6 --verify-c`, "--verify-cmd");
      await offers(shell, "touch made7; ask_codex --verify-c", "--verify-cmd");
      for (const run of runs) await shell.offered(`ask_codex --file ${run}`);
      for (const begin of ["", "--sandbox ", "--output=", "--none=", "--file ~/"])
        await shell.offered(`ask_codex ${begin}$(touch made8)`);
      expect((await readdir(home.path)).filter((found) => found.startsWith("made"))).toEqual([]);
    });
  });
});

async function offers(shell: Shell, line: string, word: string | RegExp): Promise<void> {
  expect(await shell.offered(line)).toMatch(word);
}

async function homeWithPrograms(): Promise<TempFolder> {
  const home = await tempFolder();
  const folder = join(home.path, PLACE);
  await mkdir(folder, { recursive: true });
  const scripts = dirname(PROGRAM);
  for (const path of [PROGRAM, BROKER, SETUP, join(scripts, "parts"), join(scripts, "package.json")])
    await copyFile(path, join(folder, path.slice(scripts.length + 1)));
  return home;
}
