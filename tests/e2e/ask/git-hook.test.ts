import { execFile } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { run, say } from "../../support/model/replies.ts";
import { toolOutputs } from "../../support/model/wire.ts";
import { BROKER, PROGRAM } from "../../support/programs.ts";
import { createWorld, type World } from "../../support/world.ts";

/** Commits in a worktree of the workspace, whose pre-commit hook is this script. */
async function commitWithHook(world: World, script: string) {
  const git = (cwd: string, ...args: readonly string[]) =>
    promisify(execFile)("git", [...args], { cwd, env: world.env, encoding: "utf8" });
  const linked = join(world.temp, "linked");
  await git(world.workspace, "worktree", "add", "-q", linked, "-b", "feature");
  const hook = join(world.workspace, ".git", "hooks", "pre-commit");
  await mkdir(join(hook, ".."), { recursive: true });
  await writeFile(hook, `#!/bin/sh\n${script}\n`);
  await chmod(hook, 0o755);
  await writeFile(join(linked, "mine.txt"), "mine\n");
  await git(linked, "add", "mine.txt");
  await git(linked, "commit", "-q", "-m", "mine");
  return (await git(linked, "show", "--name-only", "--format=")).stdout.trim();
}

const ELSEWHERE = "GIT_DIR|GIT_INDEX_FILE|GIT_WORK_TREE|GIT_PREFIX|GIT_AUTHOR_DATE";

test("in a git hook neither Codex nor a check reaches the hook's own repository", async () => {
  await using world = await createWorld({ script: [run("git log --format=%s; env"), say("Looked.")] });
  const other = join(world.temp, "other");
  await mkdir(other);
  const repository = { cwd: other, env: world.env };
  await promisify(execFile)("git", ["init", "-q"], repository);
  await promisify(execFile)("git", ["commit", "-q", "--allow-empty", "-m", "of the other repository"], repository);
  const check = 'cd "$(mktemp -d)" && git init -q . && echo f > fixture && git add fixture';
  const files = await commitWithHook(
    world,
    `'${PROGRAM}' --quiet --workspace '${other}' --verify-cmd '${check}' Look >'${world.temp}/out' 2>&1`,
  );
  expect(files).toBe("mine.txt");
  expect(await readFile(join(world.temp, "out"), "utf8")).toContain("status=completed");
  const seen = toolOutputs(world.model.requests[1])[0] ?? "";
  expect(seen).toContain("of the other repository");
  expect(seen).not.toMatch(new RegExp(`^(${ELSEWHERE})=`, "m"));
});

test("a worker that a git hook has started forgets the hook's repository", async () => {
  await using world = await createWorld({ script: [say("Begun."), run("env"), say("Looked.")] });
  await using broker = brokerIn(world);
  const out = join(world.temp, "out");
  await commitWithHook(world, `'${BROKER}' start --wait --workspace '${world.workspace}' Begin >'${out}' 2>&1`);
  const id = /^broker_id=(.*)$/m.exec(await readFile(out, "utf8"))?.[1] ?? "";
  expect(await broker("send", id, "--wait", "Go on")).toMatchObject({ code: 0 });
  const seen = toolOutputs(world.model.requests[2])[0] ?? "";
  expect(seen).toMatch(/^ASK_CODEX_DEPTH=1$/m);
  expect(seen).not.toMatch(new RegExp(`^(${ELSEWHERE})=`, "m"));
});
