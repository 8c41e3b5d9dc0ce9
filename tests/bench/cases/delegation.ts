import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readPlainOr } from "../../../src/files/read-plain.ts";
import { previewDelegation } from "../../../src/orchestrate/delegation/prepare.ts";
import type { DelegationRequest } from "../../../src/orchestrate/request/schema.ts";
import { brokerIn } from "../../support/broker.ts";
import { claudeBin } from "../../support/claude/claude-code.ts";
import type { Conversation } from "../../support/claude/conversation.ts";
import { optionsFor } from "../../support/claude/delegations.ts";
import { type MessagesApi, startMessagesApi, use } from "../../support/claude/messages-api.ts";
import { executorEnv } from "../../support/claude/scripted-executor.ts";
import { calls, say } from "../../support/model/replies.ts";
import type { ModelRequest } from "../../support/model/server.ts";
import { toldTo, toolOutputs } from "../../support/model/wire.ts";
import { CLAUDE_NEWEST } from "../../support/versions.ts";
import type { World } from "../../support/world.ts";
import { isToolResult } from "../after-tool.ts";
import type { Benchmark } from "../benchmark.ts";
import { contest, measureExit, meter, type Program } from "../measure.ts";
import { inWorld } from "../nothing-left.ts";
import { contestants } from "../programs.ts";
import { figure, ratio } from "../rows.ts";

const FILE = "colour.txt";
/** As cheap as a command can be: what the request has validated is its own affair. */
const VALIDATION = `test -f ${FILE}`;
const EXECUTORS = 2;
const MANY = String(1_000);
const REQUESTS = 3;
// As long as a short answer of a real model takes.
const ANSWER_MS = 2_000;
const MOST_ROUNDS = 3;

/**
 * From Codex's call to what Codex is told of it, against the very `claude -p` that is started in between, with the same edit in the same
 * work tree; and the memory of an orchestration with executors at work.
 */
export const delegation: Benchmark = {
  name: "delegation",
  title: `A delegation to Claude Code of ${REQUESTS} requests to its model`,
  async run({ runs, signal }) {
    const leading = leader();
    const rows = await inWorld({ signal, files: FILES, script: leading.script }, async (world) => {
      let answerMs = 0;
      await using api = await startMessagesApi(async (conversation) => {
        await sleep(answerMs);
        return editor(conversation);
      });
      await using broker = brokerIn(world);
      const env = await claudesEnv(world, api);
      const { broker: program } = await contestants({ ...world, env });
      const started = await measureExit(1, program("orchestrate", ...FLAGS, "Wait.", "--wait"), signal);
      const id = /broker_id=(\S+)/.exec(started.stdout)?.[1] ?? "";
      leading.worker = (await broker.state(id)).worker_pid;
      const bare = await bareClaude(world, env);
      const { once: timed, cpu } = meter(signal);
      let tasks = 0;
      const both = {
        bare: timed(bare),
        delegated: async () => {
          await measureExit(0, program("send", id, `Have task-${tasks++} done.`, "--wait"), signal);
          return leading.taken.at(-1)?.ms ?? Number.NaN;
        },
      };
      const samples = await contest(both, runs);
      const [ours, bares] = [leading.taken.slice(1).map(({ cpuMs }) => cpuMs), cpu(bare)];
      answerMs = ANSWER_MS;
      const paced = await contest(both, Math.min(runs, MOST_ROUNDS), { warmUp: false });
      const seconds = `${ANSWER_MS / 1_000} s`;
      return [
        figure("claude -p, its model answers at once", "ms", samples.bare),
        figure("a delegation to it", "ms", samples.delegated),
        ratio("a delegation : claude -p", samples.delegated, samples.bare),
        figure("claude -p, processor time", "ms", bares),
        figure("a delegation to it, processor time", "ms", ours),
        ratio("a delegation : claude -p, processor time", ours, bares),
        figure(`claude -p, its model takes ${seconds} to answer`, "ms", paced.bare),
        figure("a delegation to it", "ms", paced.delegated),
        ratio("a delegation : claude -p", paced.delegated, paced.bare, 1.15),
      ];
    });
    return [...rows, ...(await memoryAtWork(signal))];
  },
};

const FILES = { [FILE]: "red\n" };
const FLAGS = ["--validation", VALIDATION, "--max-tasks", MANY, "--budget-minutes", "0"];
const TASK = /\btask-\d+/;

function taskRequest(task_id: string): DelegationRequest {
  const requirements = [`Let \`${FILE}\` name another colour`];
  return { task_id, type: "implementation", scope: { files: [FILE] }, requirements, validation: [VALIDATION] };
}

/** The model of the Codex that leads: it delegates the task of each message, and notes what that took. */
function leader() {
  const taken: { readonly ms: number; readonly cpuMs: number }[] = [];
  const notes = { taken, worker: null as number | null, script };
  let began = { at: 0, cpuMs: 0 };
  function script(request: ModelRequest) {
    const task = TASK.exec(toldTo(request).at(-1) ?? "")?.[0];
    if (task === undefined) return say("I wait.");
    const cpuMs = cpuOf(notes.worker);
    if (!isToolResult(request)) {
      began = { at: performance.now(), cpuMs };
      return calls({ name: "delegate_tasks", args: { tasks: [taskRequest(task)] } });
    }
    const told = toolOutputs(request).at(-1) ?? "";
    if (!told.startsWith('{"verdict":"completed"')) throw new Error(told);
    taken.push({ ms: performance.now() - began.at, cpuMs: cpuMs - began.cpuMs });
    return say("Done.");
  }
  return notes;
}

/** The model of the executor: it reads the file, makes another colour of it, and closes. */
function editor({ results }: Conversation) {
  const file_path = FILE;
  if (results.length === 0) return use("Read", { file_path });
  if (results.length > 1) return use("StructuredOutput", { status: "DONE", notes: "Done." });
  const [from, to] = results[0]?.text.includes("red") ? ["red", "blue"] : ["blue", "red"];
  return use("Edit", { file_path, old_string: from, new_string: to });
}

async function claudesEnv(world: World, { url }: MessagesApi) {
  return { ...(await executorEnv(world, url)), ASK_CODEX_CLAUDE: claudeBin(CLAUDE_NEWEST) };
}

/** The command line that a delegation starts, with a prompt of the same kind on its stdin. */
async function bareClaude({ ...world }: World, env: Readonly<Record<string, string>>): Promise<Program> {
  const claude = { command: env["ASK_CODEX_CLAUDE"], env };
  const own = await optionsFor(world, taskRequest("bare"), { bounds: { validation: [VALIDATION] }, claude });
  const { commandLine } = await previewDelegation(own);
  if (commandLine === null) throw new Error("the request was refused");
  const prompt = join(world.home, "prompt.txt");
  await mkdir(world.home, { recursive: true });
  await writeFile(prompt, `Task bare (implementation).\n\nLet ${FILE} name another colour.\n`);
  const { program, args } = commandLine;
  const script = `exec "$0" "$@" < "$PROMPT"`;
  return {
    command: "bash",
    args: ["-c", script, program, ...args],
    cwd: world.workspace,
    env: { ...env, PROMPT: prompt },
  };
}

const CLOCK_TICK_MS = 10;

/** What a process and what it waited for used so far (Linux only). */
function cpuOf(pid: number | null): number {
  const stat = readPlainOr(`/proc/${pid}/stat`, "");
  const fields = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 15);
  return fields.reduce((sum, ticks) => sum + Number(ticks), 0) * CLOCK_TICK_MS;
}

/** What each kind of process holds while executors wait for their model: proportional shares (Linux only). */
async function memoryAtWork(signal: AbortSignal) {
  const script = (request: ModelRequest) => {
    const tasks = Array.from({ length: EXECUTORS }, (_, at) => ({ ...taskRequest(`task-${at}`), type: "analysis" }));
    return isToolResult(request) ? say("Done.") : calls({ name: "delegate_tasks", args: { tasks } });
  };
  return inWorld({ signal, files: FILES, script }, async (world) => {
    const asked = { count: 0, all: new EventTarget() };
    const all = once(asked.all, "asked");
    await using api = await startMessagesApi(() => {
      asked.count += 1;
      if (asked.count === EXECUTORS) asked.all.dispatchEvent(new Event("asked"));
      return new Promise(() => {});
    });
    await using broker = brokerIn(world);
    const env = await claudesEnv(world, api);
    await broker.with({ env }, "orchestrate", "--parallel", String(EXECUTORS), "Look.");
    await all;
    const sizes = (await world.processes()).map(({ pid, command }) => {
      const mb = Number(/^Pss:\s+(\d+)/m.exec(readPlainOr(`/proc/${pid}/smaps_rollup`, ""))?.[1] ?? 0) / 1024;
      return { kind: kindOf(command), mb };
    });
    const sum = (kind: string) => sizes.filter((size) => size.kind === kind).reduce((total, { mb }) => total + mb, 0);
    return [
      figure(`memory of our own processes, ${EXECUTORS} executors at work`, "MB", [sum("ours")]),
      figure("the same: Codex", "MB", [sum("codex")]),
      figure("the same: Claude Code", "MB", [sum("claude")]),
    ];
  });
}

function kindOf(command: string): "claude" | "codex" | "ours" {
  if (/\/claude\b.* -p /.test(command)) return "claude";
  return /\bapp-server\b/.test(command) ? "codex" : "ours";
}
