import { execa } from "execa";
import type { World } from "../world.ts";
import { OFFLINE } from "./claude.ts";
import { claudeBin } from "./claude-code.ts";

// The current line asks for something on the way, and takes 18 s to see that there is no network.
const NOBODY = { ANTHROPIC_BASE_URL: "http://127.0.0.1:9" };

/** Runs `claude plugin …` in the world's workspace to its end, however it ends. */
export async function claudePlugin(
  world: World,
  version: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
) {
  const env = { ...world.env, ...OFFLINE, ...NOBODY, ...more };
  const options = { cwd: world.workspace, env, extendEnv: false, reject: false, stdin: "ignore" } as const;
  return await execa(claudeBin(version), ["plugin", ...args], options);
}
