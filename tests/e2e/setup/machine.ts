import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll } from "vitest";
import { sha256 } from "../../../src/setup/manifest.ts";
import { type Asked, type AskOptions, ask } from "../../support/ask.ts";
import { packRelease, type Release, unpackRelease } from "../../support/release/release.ts";
import { type TempFolder, tempFolder } from "../../support/temp-folder.ts";
import type { World } from "../../support/world.ts";

/** A machine that has never seen us: an empty home, `node` and `git` on PATH, and the release unpacked somewhere. */
export interface Machine {
  readonly skill: string;
  readonly settings: string;
  /** The program of the release. */
  setup(...args: readonly string[]): Promise<Asked>;
  /** A program of the installed skill. */
  installed(name: string, ...args: readonly string[]): Promise<Asked>;
  with(options: AskOptions): Machine;
}

/** The release is unpacked in `folder`, a path with a blank in it. */
export async function freshMachine(world: World, folder: string): Promise<Machine> {
  const release = await unpackRelease(await packed, folder);
  const path = join(folder, "path");
  await mkdir(path);
  for (const [name, program] of await Promise.all(
    ["node", "git"].map(async (name) => [name, await which(name)] as const),
  ))
    await symlink(program, join(path, name));
  // Where everything is when nobody has set anything: in the home.
  const env = { PATH: path, ASK_CODEX_HOME: undefined, CODEX_HOME: undefined };
  return machine(world, release, { env });
}

let packing: TempFolder | undefined;
let packed: Promise<Release>;

/** Packs the release once for all the tests of a file. */
export function packOnce(): void {
  beforeAll(async () => {
    packing = await tempFolder();
    packed = packRelease(packing.path);
    await packed;
  });
  afterAll(async () => packing?.[Symbol.asyncDispose]());
}

function machine(world: World, release: string, options: AskOptions): Machine {
  const config = join(world.home, ".claude");
  const skill = join(config, "skills", "ask-codex");
  const run = (program: string, args: readonly string[]) => ask(world, args, { ...options, program });
  return {
    ...{ skill, settings: join(config, "settings.json") },
    setup: (...args) => run(join(release, "scripts", "ask-codex"), args),
    installed: (name, ...args) => run(join(skill, "scripts", name), args),
    with: (more) => machine(world, release, { ...options, ...more, env: { ...options.env, ...more.env } }),
  };
}

async function which(program: string): Promise<string> {
  return program === "node" ? process.execPath : (await execa("which", [program])).stdout;
}

/** Makes an installed skill one of an older version, which had a file more and another SKILL.md. */
export async function makeOlder(skill: string): Promise<void> {
  const [path, old] = [join(skill, ".ask-codex.json"), "old\n"];
  const manifest = JSON.parse(await readFile(path, "utf8"));
  for (const name of ["SKILL.md", "references/gone.md"]) {
    await writeFile(join(skill, name), old);
    manifest.files[name] = sha256(Buffer.from(old));
  }
  await writeFile(path, JSON.stringify({ ...manifest, version: "0.0.9" }));
}
