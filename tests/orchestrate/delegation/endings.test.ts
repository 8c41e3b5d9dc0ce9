import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { DelegationProgress } from "../../../src/orchestrate/delegation/options.ts";
import type { Outcome } from "../../../src/orchestrate/delegation/outcome.ts";
import { bash, refuse } from "../../support/claude/messages-api.ts";
import { close, delegateScripted, edit, type Scripted } from "../../support/claude/scripted-executor.ts";
import { request } from "../../support/samples/delegation.ts";
import { inMatrix, withCases } from "../../support/suite.ts";
import { untilGone, untilRunning } from "../../support/until.ts";
import { createWorld, type World } from "../../support/world.ts";

const FILES = {
  "src/sum.js": "export const sum = (a, b) => a - b;\n",
  ".gitignore": "seen*\n",
  // Claude Code does not run a bare sleep.
  "hold.mjs": "setTimeout(() => {}, 600_150);\n",
};
const SLEEP = "node hold.mjs";
const sleeping = request({ validation: [SLEEP] });
const bounds = { validation: [SLEEP] };

/** An executor that has edited its file, and is held by a command that does not end. */
function held(world: World) {
  return [...edit(world, "src/sum.js", "a - b", "a + b"), bash(SLEEP)];
}

interface Ending {
  readonly what: string;
  readonly ends: (world: World) => Omit<Scripted, "bounds">;
  readonly becomes: Partial<Record<keyof Outcome, unknown>>;
}

const EDITED = { files: [{ path: "src/sum.js" }], survivors: [] };

const SILENCE: Ending = {
  what: "the idle limit, while the model is silent",
  ends: () => ({ script: [() => new Promise(() => {})], limits: { totalMs: 60_000, idleMs: 3_000 } }),
  becomes: { verdict: "executor_failed", error: { kind: "idle_timeout" }, files: [] },
};

const SIGNAL: Ending = {
  what: "our own signal",
  ends: (world) => {
    const ours = new AbortController();
    const onProgress = (progress: DelegationProgress) => {
      if (isCommand(progress)) void untilRunning(world, SLEEP).then(() => ours.abort("SIGTERM"));
    };
    return { script: held(world), signal: ours.signal, onProgress };
  },
  becomes: { verdict: "interrupted", error: null, ...EDITED },
};

const TIME: Ending = {
  what: "the time limit, while a command runs",
  ends: (world) => ({ script: held(world), limits: { totalMs: 12_000, idleMs: 60_000 } }),
  becomes: { verdict: "executor_failed", error: { kind: "total_timeout" }, validation: [], ...EDITED },
};

const KILLED: Ending = {
  what: "SIGKILL of Claude Code",
  ends: (world) => ({ script: held(world), onProgress: (progress) => void killAtCommand(world, progress) }),
  becomes: { verdict: "executor_failed", error: { kind: "claude_crashed" }, ...EDITED },
};

// Whose process is whose can be told on Linux alone.
describe.runIf(process.platform === "linux")(
  "whatever ends it, nothing of it goes on, and what it has edited is named",
  () => {
    withCases({ change: [SIGNAL], matrix: [SILENCE, TIME, KILLED] }, (cases) => {
      test.each(cases.map((one) => [one.what, one] as const))("%s", async (_what, { ends, becomes }) => {
        await using world = await createWorld({ script: [], files: FILES });
        const { outcome } = await delegateScripted(world, sleeping, { bounds, ...ends(world) });
        expect(outcome).toMatchObject(becomes);
        expect(await world.processes()).toEqual([]);
      });
    });

    test("SIGKILL of us: nothing of it goes on, and its edits stay", async () => {
      await using world = await createWorld({ script: [], files: FILES });
      const program = join(import.meta.dirname, "programs", "delegates.ts");
      const child = spawn(process.execPath, ["--import", "tsx", program, JSON.stringify(world)], {
        env: { ...world.env },
        stdio: ["ignore", "inherit", "inherit"],
      });
      await untilRunning(world, SLEEP);
      child.kill("SIGKILL");
      await once(child, "exit");
      await untilGone(world);
      expect(await readFile(join(world.workspace, "src/sum.js"), "utf8")).toContain("a + b");
    });
  },
);

inMatrix(() => {
  test("an overload that passes is waited for", async () => {
    await using world = await createWorld({ script: [], files: FILES });
    const busy = refuse(529, "overloaded_error");
    const look = request({ type: "analysis", validation: undefined });
    const passing = await delegateScripted(world, look, { script: [busy, close("DONE", "It subtracts.")] });
    expect(passing.outcome).toMatchObject({ verdict: "completed", notes: "It subtracts." });
  });
});

test("the login comes out of the user's settings, and is in no argument, no file and no check", async () => {
  const secret = "sk-secret-7d1f";
  const command = "node seen.mjs";
  await using world = await createWorld({ script: [], files: FILES });
  await writeFile(
    join(world.workspace, "seen.mjs"),
    'import fs from "node:fs";\nfs.appendFileSync("seen.txt", JSON.stringify(Object.keys(process.env)) + "\\n");\n',
  );
  const settings = join(world.home, ".claude");
  await mkdir(settings, { recursive: true });
  const own = {
    apiKeyHelper: `echo ${secret}`,
    model: "claude-from-settings",
    env: { ANTHROPIC_CUSTOM_HEADERS: `x-own: ${secret}` },
  };
  await writeFile(join(settings, "settings.json"), JSON.stringify({ ...own, hooks: { Stop: "no hooks" } }));
  const lines: string[] = [];
  const { outcome } = await delegateScripted(world, request({ validation: [command] }), {
    script: [...edit(world, "src/sum.js", "a - b", "a + b"), bash(command), close("DONE")],
    ...{ bounds: { validation: [command] }, env: { ANTHROPIC_API_KEY: undefined } },
    onProgress: async (progress) => {
      if (progress.type === "action") lines.push(await argumentsOfAll(world));
    },
  });
  expect(outcome).toMatchObject({ verdict: "completed", usage: { model: "claude-from-settings" } });
  const [claudes = "", ours = ""] = (await readFile(join(world.workspace, "seen.txt"), "utf8")).split("\n");
  expect(claudes).toContain("ANTHROPIC_CUSTOM_HEADERS");
  expect(ours).not.toMatch(/ANTHROPIC|ASK_CODEX_HELPER|CLAUDE/);
  expect(lines.join("")).toContain("--json-schema");
  expect(lines.join("")).not.toContain(secret);
  expect(await textBelow(world.state)).not.toContain(secret);
});

function isCommand(progress: DelegationProgress): boolean {
  return progress.type === "action" && progress.text === `Bash ${SLEEP}`;
}

let pid: number | null = null;

async function killAtCommand(world: World, progress: DelegationProgress): Promise<void> {
  if (progress.type === "started") pid = progress.pid;
  if (!isCommand(progress)) return;
  await untilRunning(world, SLEEP);
  if (pid !== null) process.kill(pid, "SIGKILL");
}

async function argumentsOfAll(world: World): Promise<string> {
  const processes = await world.processes();
  const texts = processes.map(async ({ pid: one }) => readFile(`/proc/${one}/cmdline`, "utf8").catch(() => ""));
  return (await Promise.all(texts)).join("\n");
}

async function textBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), "latin1")))).join("\n");
}
