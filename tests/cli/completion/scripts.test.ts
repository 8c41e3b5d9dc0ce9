import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { places } from "../../../src/cli/completion/places.ts";
import { completionScripts } from "../../../src/cli/completion/scripts.ts";
import { COMMANDS } from "../../../src/cli/setup/main.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const scripts = completionScripts(COMMANDS);

/** What each shell offers after these words, the last of which is being typed. `FILES`: its own completion of files. */
const SHELLS = {
  bash: {
    ask: `COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _ask_codex "$1" 2>&1; printf '%s\\n' "\${COMPREPLY[@]}"`,
  },
  zsh: {
    ask: `words=("$@"); CURRENT=$#; PREFIX=$words[-1]
compdef() {}; _files() { print FILES }; compadd() { shift; print -l -- "$@" }; _describe() { local -a all; all=("\${(@)\${(P@)2}%%:*}"); print -l -- \${(M)all:#$PREFIX*} }
source "$SCRIPT"; _ask_codex`,
  },
  fish: { ask: 'source $SCRIPT; complete -C (string join " " -- $argv)' },
} as const;

const installed = await Promise.all(
  (["bash", "zsh", "fish"] as const).map(async (shell) => {
    const { failed } = await execa(shell, ["--version"], { reject: false });
    return failed ? [] : [shell];
  }),
);

describe.each(installed.flat())("in %s", (shell) => {
  test.each([
    { typed: ["ask-codex", "sess"], offers: ["session", "sessions"], not: ["install"] },
    { typed: ["ask-codex", "session", "re"], offers: ["resume", "rename"], not: ["report"] },
    { typed: ["ask_codex", "handoff", ""], offers: ["new", "check", "run"], not: ["sessions"] },
    { typed: ["ask_codex", "--verify"], offers: ["--verify-cmd", "--verify-rounds"], not: ["--task"] },
    { typed: ["ask-codex", "run", "--dry"], offers: ["--dry-run"], not: [] },
    { typed: ["codex_broker", "send", "@a", "--int"], offers: ["--interrupt"], not: ["--linger"] },
    { typed: ["ask_codex", "doctor", "--f"], offers: ["--fix"], not: ["--file"] },
    { typed: ["codex_broker", "start", "--approvals", ""], offers: ["ask", "never"], not: ["send"] },
    { typed: ["ask_codex", "--sandbox", ""], offers: ["read-only", "workspace-write"], not: ["sessions"] },
    { typed: ["ask_codex", "a task", "--no-an"], offers: ["--no-answer"], not: ["sessions"] },
  ])("$typed is completed", async ({ typed, offers, not }) => {
    const offered = await offeredBy(shell, typed);
    expect(offered).toEqual(expect.arrayContaining(offers));
    expect(offered.filter((word) => not.includes(word))).toEqual([]);
  });

  test("nothing that was typed is run", async () => {
    await using folder = await tempFolder();
    const made = join(folder.path, "made");
    await offeredBy(shell, ["ask_codex", `"$(touch '${made}')"`, ">", made, "--ver"]);
    await expect(execa("ls", [made])).rejects.toThrow("No such file");
  });
});

test("every flag of every place is in each script", async () => {
  const all = places(COMMANDS);
  const flags = new Set(all.flatMap((place) => place.flags.flatMap(({ names }) => names)));
  expect(flags.size).toBeGreaterThan(80);
  const named = (flag: string) => ` ${flag.replace(/^--/, "-l ").replace(/^-(\w)$/, "-s $1")}`;
  for (const shell of ["bash", "zsh"]) expect([...flags].filter((flag) => !scripts[shell]?.includes(flag))).toEqual([]);
  expect([...flags].filter((flag) => !scripts["fish"]?.includes(named(flag)))).toEqual([]);
});

async function offeredBy(shell: keyof typeof SHELLS, typed: readonly string[]): Promise<readonly string[]> {
  await using folder = await tempFolder();
  const { ask } = SHELLS[shell];
  const path = join(folder.path, "script");
  await writeFile(path, scripts[shell] ?? "");
  const options = { env: { SCRIPT: path, HOME: folder.path }, cwd: folder.path };
  const first =
    shell === "fish"
      ? ["--no-config", "-c", ask]
      : shell === "zsh"
        ? ["-f", "-c", ask, "zsh"]
        : ["-c", `source "$SCRIPT"; ${ask}`, "bash"];
  const { stdout } = await execa(shell, [...first, ...typed], options);
  return stdout.split("\n").map((line) => line.split("\t")[0] ?? "");
}
