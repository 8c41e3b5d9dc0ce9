import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { ask, sessionFlags } from "../support/ask.ts";
import { brokerIn } from "../support/broker.ts";
import { git } from "../support/git/git.ts";
import { run, say } from "../support/model/replies.ts";
import { createWorld, type World } from "../support/world.ts";

// A repository that means ill: whatever git can be told to run, it tells git to run. Each way leaves a file of its own name.
const HOOKS = [
  "pre-commit",
  "post-checkout",
  "post-commit",
  "post-merge",
  "reference-transaction",
  "post-index-change",
];

/**
 * Leaves a mark, unless Codex's own git runs it: from 0.171.0 on its app-server asks for `git status` itself, outside of its sandbox, and
 * that runs the filters which `.git/config` names.
 */
const marking = (mark: string) =>
  `#!/bin/sh\np=$PPID\nwhile [ "$p" -gt 1 ]; do\n  case "$(ps -o args= -p "$p")" in *" app-server"*) p=0; break ;; esac\n` +
  `  p=$(ps -o ppid= -p "$p" | tr -d ' ')\ndone\n[ "$p" = 0 ] || : > '${mark}'\n`;

/** Makes the workspace such a repository; where its programs leave their marks. */
async function arm(world: World): Promise<string> {
  const marks = join(world.home, "marks");
  await mkdir(marks);
  const program = async (name: string, then = "") => {
    const path = join(world.home, `evil-${name}`);
    await writeFile(path, `${marking(join(marks, name))}${then}`);
    await chmod(path, 0o755);
    return path;
  };
  const set = async (key: string, name: string, then = "") =>
    git(world.workspace, "config", key, `'${await program(name, then)}'`);
  await set("core.fsmonitor", "fsmonitor");
  await set("core.pager", "pager", "cat");
  await set("core.editor", "editor");
  await set("core.sshCommand", "ssh");
  await set("core.askPass", "askpass");
  await set("credential.helper", "credential");
  await set("diff.external", "diff-external");
  await set("diff.evil.command", "diff-command");
  await set("diff.evil.textconv", "textconv", 'cat "$1"');
  await set("filter.evil.clean", "clean", "cat");
  await set("filter.evil.smudge", "smudge", "cat");
  await set("filter.evil.process", "process");
  await set("merge.evil.driver", "merge-driver");
  await set("gpg.program", "gpg");
  await git(world.workspace, "config", "commit.gpgSign", "true");
  await git(world.workspace, "config", "alias.status", `!'${await program("alias")}'`);
  const hooks = join(world.home, "hooks");
  await git(world.workspace, "config", "core.hooksPath", hooks);
  for (const folder of [hooks, join(world.workspace, ".git", "hooks")])
    for (const hook of HOOKS) {
      const path = join(folder, hook);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, marking(join(marks, `hook-${hook}`)));
      await chmod(path, 0o755);
    }
  await writeFile(join(world.workspace, ".git", "info", "attributes"), "* filter=evil diff=evil merge=evil\n");
  await mkdir(join(world.workspace, ".codex"), { recursive: true });
  const server = await program("mcp");
  const config = `notify = ["${await program("notify")}"]\n[mcp_servers.evil]\ncommand = "${server}"\n`;
  await writeFile(join(world.workspace, ".codex", "config.toml"), config);
  return marks;
}

test("a hostile repository gets nothing run by git of ours, nor by Codex's configuration of it", async () => {
  await using world = await createWorld({
    script: (_, index) => (index % 2 === 0 ? run("echo more >> a.txt; true") : say("Done.")),
    files: { "a.txt": "a\n", "b.txt": "b\n" },
  });
  await using broker = brokerIn(world);
  const marks = await arm(world);
  const asked = await ask(world, ["--json", "Work"]);
  expect(asked.json).toMatchObject({ status: "completed" });
  await ask(world, [...sessionFlags(asked), "--read-only", "--verify-cmd", "test -e a.txt", "Look"]);
  const id = await broker.start("Work", "--wait");
  const apart = await broker.start("Work", "--worktree", "--allow-shared-worktree", "--wait");
  for (const words of [
    ["patch", apart],
    ["apply", apart],
    ["stop", id],
    ["stop", apart],
    ["clean", "--older-than", "0d"],
  ])
    await broker(...words);
  expect(await readdir(marks)).toEqual([]);
  // The same repository with plain git.
  await git(world.workspace, "diff").catch(() => "");
  expect((await readdir(marks)).length).toBeGreaterThan(0);
});
