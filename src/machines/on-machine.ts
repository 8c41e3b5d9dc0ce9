import { tmpdir } from "node:os";
import type { CodexThere, Elsewhere } from "../ask/model/elsewhere.ts";
import { timeLimit } from "../bounds/time-limit.ts";
import type { RemoteEnvironment } from "../codex/environment.ts";
import { workThere } from "../codex/turn/codex-there.ts";
import { workBy } from "../codex/turn/exec-server.ts";
import { AskCodexError } from "../errors.ts";
import type { WorkTree } from "../workspace/git/find-work-tree.ts";
import { packCommit } from "../workspace/travel/pack.ts";
import { bring } from "./bring.ts";
import { checkThere } from "./check-there.ts";
import { guard } from "./guard.ts";
import type { Machine } from "./machine.ts";
import { ownLogin } from "./own-login.ts";
import { PREPARE } from "./scripts.ts";
import { serve } from "./serve.ts";
import { runThere, TRAVEL_MS, Unreachable } from "./ssh.ts";
import { sweepMachine } from "./sweep.ts";

export interface OnMachineOptions {
  readonly machine: Machine;
  readonly tree: WorkTree;
  readonly runId: string;
  /** Only commands of ours are run: no Codex. Left out: a Codex works there. */
  readonly onlyChecks?: boolean;
  /** The commit that the work begins from. */
  readonly base: string;
  /** The worktree here that the result is brought to. */
  readonly worktree: string;
  /** Private to this call. */
  readonly folder: string;
  /** What checks over there have in their environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** The environment of ssh. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Told in the end what is left over there, or unknown, in words; null: nothing is. */
  readonly ended: (left: string | null) => void;
}

/**
 * Does something on another machine: the files go there, an exec-server waits for Codex or its own Codex is used, and in every
 * ending all of it is gone again.
 * @throws Unreachable when nothing was begun there; AskCodexError when the machine cannot be used, or is lost in the middle
 */
export async function onMachine<T>(
  options: OnMachineOptions,
  act: (elsewhere: Elsewhere, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { machine, runId, signal, ended } = options;
  const [done] = await Promise.allSettled([work(options, act)]);
  const untouched = done.status === "rejected" && done.reason instanceof Unreachable;
  const left = untouched ? null : await sweepMachine(machine, runId, signal);
  ended(left);
  if (done.status === "fulfilled") return done.value;
  const error: unknown = done.reason;
  if (untouched || signal.aborted || !(error instanceof AskCodexError)) throw error;
  throw new AskCodexError(error.kind, `${error.message}; ${left ?? "what ran there is ended"}`, {
    cause: error,
    hint: error.hint,
  });
}

async function work<T>(
  options: OnMachineOptions,
  act: (elsewhere: Elsewhere, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { machine, signal } = options;
  const lost = new AbortController();
  const lose = () => lost.abort("SIGTERM");
  const { place, commit } = await prepare(options);
  const opened = await open(options, lose);
  const limit = timeLimit([signal, lost.signal]);
  try {
    const result = await act(elsewhereOf(options, { ...opened, place, commit, lose }), limit.signal);
    if (lost.signal.aborted && !signal.aborted)
      throw new AskCodexError("machine_lost", `the machine ${machine.name} was lost while the task ran`);
    return result;
  } finally {
    limit.clear();
    await opened.close();
  }
}

// More than this takes longer to send than to clone over there.
const MOST_FILES = 256 * 1024 * 1024;

/** Brings the files of the base there. */
async function prepare({ machine, tree, runId, base, folder, signal }: OnMachineOptions) {
  const { commit, bundle } = await packCommit({ tree, commit: base, folder, limit: MOST_FILES, signal });
  const args = [machine.folder, runId, commit, commit.length === 64 ? "sha256" : "sha1"];
  try {
    const printed = await runThere(machine, PREPARE, args, { input: bundle, limitMs: TRAVEL_MS, signal });
    return { commit, place: printed.toString().trim().split("\n").at(-1) ?? "" };
  } catch (error) {
    // It had begun.
    if (error instanceof Unreachable && !error.silent)
      throw new AskCodexError("machine_lost", error.message, { cause: error });
    throw error;
  }
}

interface Opened {
  /** The Codex over there; null: one here works there. */
  readonly codex: CodexThere | null;
  readonly environment: (places: Pick<RemoteEnvironment, "here" | "cwd">) => RemoteEnvironment;
  close(): Promise<void>;
}

async function open({ machine, runId, onlyChecks = false }: OnMachineOptions, lose: () => void): Promise<Opened> {
  if (onlyChecks || machine.login === "own") {
    const { close } = await guard(machine, runId, lose);
    return { codex: onlyChecks ? null : ownLogin(machine, runId, lose), environment: workThere, close };
  }
  const { url, token, close } = await serve(machine, runId, lose);
  return {
    codex: null,
    environment: ({ here, cwd }) =>
      workBy({ id: machine.name, url, token, here, cwd, writable: [cwd, "/tmp", tmpdir()] }),
    close,
  };
}

interface Begun extends Opened {
  /** The run's folder over there. */
  readonly place: string;
  readonly commit: string;
  readonly lose: () => void;
}

function elsewhereOf(options: OnMachineOptions, { codex, environment, place, commit, lose }: Begun): Elsewhere {
  const { worktree: here } = options;
  const cwd = `${place}/tree`;
  return {
    environment: environment({ here, cwd }),
    codex,
    check: (command, check) => checkThere(command, { ...options, ...check, cwd, here, lose }),
    bring: (signal) => bring({ ...options, commit, lose, signal }),
  };
}
