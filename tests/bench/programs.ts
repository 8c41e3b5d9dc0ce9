import { join } from "node:path";
import { findCodex } from "../../src/codex/find-codex.ts";
import { codexBin } from "../support/codex.ts";
import { ROOT } from "../support/paths.ts";
import { BROKER, PROGRAM } from "../support/programs.ts";
import type { World } from "../support/world.ts";
import type { Program } from "./measure.ts";

type Mode = "read-only" | "workspace-write";

const MINIMAL_CLIENT = join(ROOT, "tests", "bench", "programs", "minimal-client.mjs");

/** The contestants, in a world. All of them end up with the same native Codex. */
export interface Contestants {
  /** The `codex` that npm puts on PATH: a Node program that starts the native one. */
  bare(mode: Mode, prompt: string): Program;
  /** The native program itself, which hardly anybody starts by hand. */
  native(mode: Mode, prompt: string): Program;
  ask(...args: readonly string[]): Program;
  broker(...args: readonly string[]): Program;
  /** The least that gets one answer out of an app-server. */
  minimal(mode: Mode, prompt: string): Program;
  node(...args: readonly string[]): Program;
}

export async function contestants(world: Pick<World, "env" | "workspace">): Promise<Contestants> {
  const search = { command: codexBin(), path: "", home: "", ownPackage: "" };
  const { program: nativeCodex } = await findCodex(search);
  const start = (command: string, ...args: readonly string[]): Program => ({
    command,
    args,
    cwd: world.workspace,
    env: world.env,
  });
  const exec = (command: string, mode: Mode, prompt: string) =>
    start(command, "exec", "--json", "--sandbox", mode, prompt);
  return {
    bare: (mode, prompt) => exec(codexBin(), mode, prompt),
    native: (mode, prompt) => exec(nativeCodex, mode, prompt),
    ask: (...args) => start(PROGRAM, ...args),
    broker: (...args) => start(BROKER, ...args),
    minimal: (mode, prompt) => start("node", MINIMAL_CLIENT, nativeCodex, JSON.stringify(POLICIES[mode]), prompt),
    node: (...args) => start("node", ...args),
  };
}

const POLICIES = {
  "read-only": { type: "readOnly" },
  "workspace-write": { type: "workspaceWrite", writableRoots: [], networkAccess: false },
} as const;
