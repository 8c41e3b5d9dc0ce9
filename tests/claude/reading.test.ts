import { readdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runClaude } from "../support/claude/claude.ts";
import { bash, say, use } from "../support/claude/messages-api.ts";
import { installForUser, plainHome } from "../support/claude/places.ts";
import { commandOf, keysIn } from "../support/claude/skill-text.ts";
import { say as codexSays, run } from "../support/model/replies.ts";
import { withClaude } from "../support/suite.ts";
import { createWorld } from "../support/world.ts";

const HOMES = [
  { job: "rest", where: "in a home without a blank in its path", linked: false },
  { job: "further", where: "in a home behind a link", linked: true },
] as const;

for (const { job, where, linked } of HOMES)
  withClaude(job, (version) => {
    test(`after install --allow it reads the report, the reference that it is sent to, and what a session has left: ${where}`, async () => {
      await using real = await plainHome();
      await using world = await createWorld({
        script: [codexSays("Looked."), run("echo new > new.txt"), codexSays("Done.")],
      });
      const home = linked ? join(world.home, "link") : real.path;
      if (linked) await symlink(real.path, home);
      const { skill: folder, env } = await installForUser(world, home, { ASK_CODEX_HOME: join(home, "state") });
      const broker = join(folder, "scripts", "codex_broker");
      const end = await runClaude(world, {
        ...{ version, env, prompt: "use codex" },
        script: [
          bash(commandOf(folder, "ask_codex --read-only", "Look around.")),
          ({ result }) => use("Read", { file_path: keysIn(result.text)["output_path"] }),
          use("Read", { file_path: join(folder, "references", "invocation.md") }),
          bash(commandOf(folder, "codex_broker start --worktree --wait --name try", "Make new.txt.")),
          ({ result }) => use("Read", { file_path: keysIn(result.text)["last_output_path"] }),
          ({ results }) =>
            use("Read", { file_path: join(keysIn(results[3]?.text ?? "")["worktree"] ?? "", "new.txt") }),
          bash(`"${broker}" stop @try`),
          say("Done."),
        ],
      });
      expect(end).toMatchObject({ code: 0, denials: [] });
      const [, report, reference, , sessionReport, changed] = end.api.conversations.at(-1)?.results ?? [];
      expect(report).toMatchObject({ isError: false, text: expect.stringContaining("Looked.") });
      expect(reference).toMatchObject({ isError: false, text: expect.stringContaining("ask_codex") });
      expect(sessionReport).toMatchObject({ isError: false, text: expect.stringContaining("Done.") });
      expect(changed).toMatchObject({ isError: false, text: expect.stringContaining("new") });
    });
  });

withClaude("rest", (version) => {
  test("after install --allow it reads nothing else of the home, nor of the state folder, and writes nothing there", async () => {
    await using home = await plainHome();
    await using world = await createWorld({ script: [codexSays("Looked.")] });
    const { skill: folder, env } = await installForUser(world, home.path);
    await writeFile(join(home.path, "private.txt"), "private");
    const end = await runClaude(world, {
      ...{ version, env, prompt: "use codex" },
      script: [
        bash(commandOf(folder, "ask_codex --read-only", "Look around.")),
        use("Read", { file_path: join(home.path, "private.txt") }),
        async () =>
          use("Read", {
            file_path: join(world.state, "threads", (await readdir(join(world.state, "threads")))[0] ?? ""),
          }),
        use("Write", { file_path: join(folder, "references", "mine.md"), content: "mine" }),
        say("Done."),
      ],
    });
    const [, ...refused] = end.api.conversations.at(-1)?.results ?? [];
    expect(refused).toEqual([REFUSED, REFUSED, REFUSED]);
  });
});

const REFUSED = {
  isError: true,
  text: expect.stringMatching(/Claude requested permissions to (?:read from|edit)/),
};
