import { cp, mkdir, mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { ask } from "../ask.ts";
import { TEMP } from "../paths.ts";
import { SETUP } from "../programs.ts";
import { testRun } from "../setup/test-run.ts";
import { removeFolder, type TempFolder } from "../temp-folder.ts";
import type { World } from "../world.ts";

/** Where Claude Code has the skill from, and how it is started there. */
export interface Place {
  /** The name that it is listed under. */
  readonly as: string;
  readonly skill: string;
  readonly env: Readonly<Record<string, string>>;
  readonly flags: readonly string[];
}

/** In the user's own folder, with the rules that it needs. The home of a world has a blank in its path. */
export async function installForUser(
  world: World,
  home = world.home,
  more: Readonly<Record<string, string>> = {},
): Promise<Place> {
  const env = { HOME: home, ...more };
  await install(world, env);
  return { as: "ask-codex", skill: join(home, ".claude", "skills", "ask-codex"), env, flags: [] };
}

export async function installInProject(world: World): Promise<Place> {
  await install(world, {}, "--project");
  return { as: "ask-codex", skill: join(world.workspace, ".claude", "skills", "ask-codex"), env: {}, flags: [] };
}

/** An unpacked release, for one session; its rules the user has to write. */
export function asPlugin(release: string): Place {
  const flags = ["--plugin-dir", release, ...allowCommands(release)];
  return { as: "ask-codex:ask-codex", skill: release, env: {}, flags };
}

/** The release, copied by hand to where Claude Code looks. */
export async function copyByHand(release: string, home: string): Promise<Place> {
  const skill = join(home, ".claude", "skills", "ask-codex");
  await cp(release, skill, { recursive: true });
  return { as: "ask-codex", skill, env: { HOME: home }, flags: allowCommands(skill) };
}

function allowCommands(skill: string): readonly string[] {
  return [
    "--allowedTools",
    ...["ask_codex", "codex_broker"].map((name) => `Bash("${join(skill, "scripts", name)}" *)`),
  ];
}

async function install(world: World, env: Readonly<Record<string, string>>, ...flags: readonly string[]) {
  const installed = await ask(world, ["install", "--allow", ...flags], { program: SETUP, env });
  if (installed.code !== 0) throw new Error(`install failed: ${installed.stdout}${installed.stderr}`);
}

/** A home as most people have it: no blank in its path, unless the checkout has one. */
export async function plainHome(): Promise<TempFolder> {
  await mkdir(TEMP, { recursive: true });
  const path = await mkdtemp(join(TEMP, `${testRun()}-home-`));
  return { path, [Symbol.asyncDispose]: () => removeFolder(path) };
}
