import { cp, mkdir, readdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { OFFLINE } from "../../support/claude/claude.ts";
import { claudeBin } from "../../support/claude/claude-code.ts";
import { textOf } from "../../support/documents/documents.ts";
import { codeIn, rowsUnder } from "../../support/documents/markdown.ts";
import { say } from "../../support/model/replies.ts";
import { ROOT } from "../../support/paths.ts";
import { withCases } from "../../support/suite.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { CLAUDE_NEWEST } from "../../support/versions.ts";
import { createWorld } from "../../support/world.ts";

/** What is typed for each row of the README's table, as it stands there. */
const rows = rowsUnder(textOf("README.md"), "You want")
  .map(([, cell = ""]) => codeIn(cell))
  .filter(([first]) => first?.startsWith("npm ci"));

test("the README has three rows to install by, each from a clone", () => {
  expect(rows).toEqual([
    ["npm ci && npm run install-skill -- --allow"],
    ["npm ci", "claude plugin marketplace add ./", "claude plugin install ask-codex@ask-codex"],
    ["npm ci && npm install -g ."],
  ]);
});

const MINUTES_MS = 600_000;

withCases({ change: [], matrix: [{ home: "a new home" }] }, (cases) => {
  test.each(cases)(
    "the README's rows install in $home, as they stand there, and what they install works",
    { timeout: MINUTES_MS },
    async () => {
      await using world = await createWorld({ script: () => say("Looked.") });
      await using folder = await tempFolder();
      const clone = join(folder.path, "a clone");
      await copySources(clone);
      const [bin, global] = [join(folder.path, "bin"), join(folder.path, "global")];
      await mkdir(bin);
      await symlink(claudeBin(CLAUDE_NEWEST), join(bin, "claude"));
      const { stdout: cache } = await execa("npm", ["config", "get", "cache"]);
      const settings = { npm_config_prefix: global, npm_config_cache: cache, npm_config_prefer_offline: "true" };
      const env = { ...world.env, ...OFFLINE, ...settings, PATH: `${bin}:${process.env["PATH"]}` };
      const typed = async (line: string) => {
        const { all = "" } = await execa("sh", ["-c", line], {
          cwd: clone,
          env,
          extendEnv: false,
          stdin: "ignore",
          all: true,
        });
        return all;
      };
      for (const line of rows.flat()) expect(await typed(line), line).not.toMatch(/allowScripts|npm error|✘/);

      const skill = join(world.home, ".claude", "skills", "ask-codex");
      for (const program of [join(skill, "scripts", "ask_codex"), join(global, "bin", "ask_codex")])
        expect(await ask(world, ["--read-only", "Look."], { program })).toMatchObject({ code: 0 });
      expect((await readdir(join(global, "bin"))).sort()).toEqual(["ask-codex", "ask_codex", "codex_broker"]);
      const listed = await typed("claude plugin list");
      expect(listed).toContain("ask-codex@ask-codex");
      const looked = await ask(world, ["doctor"], { program: join(global, "bin", "ask-codex") });
      expect(looked.keys).toMatchObject({
        skill: expect.stringMatching(/^ok/),
        permission: expect.stringMatching(/^ok/),
      });
    },
  );
});

/** What a clone of this checkout has: nothing that is built or installed. */
async function copySources(clone: string): Promise<void> {
  const { stdout } = await execa("git", ["ls-files", "-z", "-co", "--exclude-standard"], { cwd: ROOT });
  for (const path of stdout.split("\0").filter((name) => name !== "")) {
    await mkdir(dirname(join(clone, path)), { recursive: true });
    await cp(join(ROOT, path), join(clone, path));
  }
}
