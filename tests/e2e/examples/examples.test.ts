import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { ask } from "../../support/ask.ts";
import { type Broker, brokerIn } from "../../support/broker.ts";
import { codexBin } from "../../support/codex.ts";
import { documents } from "../../support/documents/documents.ts";
import { callsOf } from "../../support/documents/shell-commands.ts";
import { startRedis } from "../../support/machine/redis.ts";
import { startSshMachine } from "../../support/machine/sshd.ts";
import { ROOT } from "../../support/paths.ts";
import { withCases } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";
import { answer, files } from "./examples.ts";

const PROGRAMS = ["ask_codex", "codex_broker", "ask-codex", "codex"];

/** Its commands are for many machines at once: tests/e2e/fleet tries them. */
const ELSEWHERE = "references/workers.md";

const examples = documents
  .filter(({ path }) => path !== ELSEWHERE)
  .map(({ path, text }) => ({ path, scripts: scriptsIn(text) }))
  .filter(({ scripts }) => scripts.length > 0);

/** What is read first; that every example is a command that exists, `tests/repo` looks at in all documents. */
const ENTRIES: readonly string[] = ["README.md", "SKILL.md"];

/** The queue of the documents, in whose place comes one that is there. */
const QUEUE = "rediss://queue.example.org";

interface Ending {
  readonly path: string;
  readonly command: string;
  readonly code: number;
}

/** What a command is meant to end with, where that is not 0: Codex asks, or wants to be allowed something. */
const ENDINGS: readonly Ending[] = [
  "codex_broker send @parser --wait",
  "codex_broker wait @parser",
  "codex_broker wait @deps",
  "codex_broker approve @deps --wait",
].map((command) => ({ path: "references/session-management.md", command, code: 4 }));

describe.concurrent("the shell examples, against the real Codex", () => {
  const isEntry = ({ path }: { readonly path: string }) => ENTRIES.includes(path);
  const cases = { change: examples.filter(isEntry), matrix: examples.filter((example) => !isEntry(example)) };
  withCases(cases, (chosen) => {
    test.for(chosen)("$path", async ({ path, scripts }, { expect: expectIn }) => {
      await using world = await createWorld({ script: answer, files });
      await using broker = brokerIn(world);
      await using queue = scripts.some((script) => script.includes(QUEUE)) ? await startRedis() : null;
      await using _box = scripts.some((script) => script.includes("--on box")) ? await startSshMachine(world) : null;
      const shell = await shellIn(world, broker, scripts, queue?.url);
      const meant = new Set(ENDINGS.filter((one) => one.path === path));
      const met = new Set<Ending>();
      for (const script of scripts) {
        const { failed, stdout, stderr } = await shell(script);
        const unmeant = failed.filter(({ command, code }) => {
          const ending = [...meant].find((one) => one.command === command && one.code === code);
          if (ending !== undefined) met.add(ending);
          return ending === undefined;
        });
        expectIn(unmeant, `${script}\n${stdout}\n${stderr}`).toEqual([]);
        expectIn(stderr).not.toMatch(/^\[ERROR\]|command not found/m);
      }
      expectIn(met).toEqual(meant);
    });
  });

  test("one that does not work would be found", async ({ expect: expectIn }) => {
    await using world = await createWorld({ script: answer, files });
    await using broker = brokerIn(world);
    const shell = await shellIn(world, broker, []);
    const { failed, stderr } = await shell("ask_codex --read-onyl 'Look.'\ncodex_broker wait @nobody | cat\ntrue");
    expectIn(failed).toEqual([{ command: "ask_codex --read-onyl 'Look.'", code: 1 }]);
    expectIn(stderr.match(/^\[ERROR\]/gm)).toHaveLength(2);
  });
});

test("there is something to run in every document that teaches a command", () => {
  const paths = examples.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(["README.md", "SKILL.md", ...REFERENCES.map((name) => `references/${name}.md`)]),
  );
  expect(examples.flatMap(({ scripts }) => scripts).length).toBeGreaterThan(50);
});

const REFERENCES = [
  ...["invocation", "installation", "session-management", "failure-recovery"],
  ...["collaboration-modes", "prompt-engineering", "usage-patterns", "advanced-patterns"],
  "handoff-examples",
];

interface Failed {
  readonly command: string;
  readonly code: number;
}

interface Ran {
  readonly failed: readonly Failed[];
  readonly stdout: string;
  readonly stderr: string;
}

/** A shell as somebody has it who reads the documents: the commands on PATH, in the folder of a project. */
async function shellIn(
  world: World,
  broker: Broker,
  scripts: readonly string[],
  queue = QUEUE,
): Promise<(script: string) => Promise<Ran>> {
  const bin = join(world.home, "bin");
  await install(world, bin);
  const names = (word: RegExp) => scripts.some((script) => word.test(script));
  const ids = {
    ...(names(/\$(?:session|broker)_id\b/) && (await before(broker))),
    ...(names(/\$batch_id\b/) && (await batchBefore(world))),
  };
  const log = join(world.temp, "failed");
  const env = { ...world.env, ...ids, PATH: `${bin}:${world.env["PATH"]}`, FAILED: log, PROVIDER_KEY: "a key" };
  return async (script) => {
    await writeFile(log, "");
    // Each command that fails, with its code; what `&&`, `||` and `if` take care of is none.
    const trap = `trap 'printf "%s %s\\n" "$?" "\${BASH_COMMAND%%$'"'\\n'"'*}" >> "$FAILED"' ERR\n`;
    const text = script
      // As Claude Code does before the model sees it.
      .replaceAll(/\$\{CLAUDE_SKILL_DIR\}/g, ROOT)
      // A Codex that is not on PATH.
      .replaceAll("/opt/codex/bin/codex", codexBin())
      .replaceAll(QUEUE, queue)
      // On another machine, until a signal ends it.
      .replace(/^(ask-codex worker --queue .*)\n([\s\S]*)/m, "$1 &\n$2\nkill $!; wait $! || true\n");
    const { stdout, stderr } = await execa("bash", ["-c", trap + text], {
      ...{ cwd: world.workspace, env, extendEnv: false, stdin: "ignore", reject: false },
    });
    const lines = (await readFile(log, "utf8")).split("\n").filter(Boolean);
    const failed = lines.map((line) => ({
      code: Number(line.split(" ")[0]),
      command: line.slice(line.indexOf(" ") + 1).replace(/ <<.*$/, ""),
    }));
    return { failed, stdout, stderr };
  };
}

/** The programs on PATH, and what else the examples have around them. */
async function install(world: World, bin: string): Promise<void> {
  await mkdir(bin, { recursive: true });
  await mkdir(join(dirname(world.workspace), "service"));
  await mkdir(join(world.workspace, "scripts"));
  await writeFile(join(world.workspace, ".git", "info", "exclude"), "scripts/\n");
  for (const name of ["ask_codex", "codex_broker", "ask-codex"]) {
    await symlink(join(ROOT, "scripts", name), join(bin, name));
    await symlink(join(ROOT, "scripts", name), join(world.workspace, "scripts", name));
  }
  // A login needs a browser.
  await writeFile(join(bin, "codex"), `#!/bin/sh\n[ "$1" = login ] && exit\nexec '${codexBin()}' "$@"\n`);
  await chmod(join(bin, "codex"), 0o755);
}

/** Where a document goes on with "the session", one has to be there. */
async function before(broker: Broker): Promise<Readonly<Record<string, string>>> {
  const id = await broker.start("--worktree", "What came before.");
  const { keys } = await broker("wait", id);
  return { broker_id: id, session_id: keys["session_id"] ?? "" };
}

/** Where a batch goes on, one has to be there that something kept from its end; it is out of the way now. */
async function batchBefore(world: World): Promise<Readonly<Record<string, string>>> {
  const plan = join(world.home, "before.yaml");
  const ready = join(world.home, "ready");
  await writeFile(plan, `tasks:\n  - id: parser\n    prompt: What came before.\n    verify_cmd: test -e '${ready}'\n`);
  const { code, keys } = await ask(world, ["batch", plan]);
  expect(code).toBe(1);
  await writeFile(ready, "");
  return { batch_id: keys["batch_id"] ?? "" };
}

function scriptsIn(markdown: string): readonly string[] {
  const fences = [...markdown.matchAll(/^```(?:sh|bash)\n([\s\S]*?)^```$/gm)].map(([, script = ""]) => script);
  return fences.filter((script) => PROGRAMS.some((program) => callsOf(program, script).length > 0));
}
