import { mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { listing } from "../../support/listing.ts";
import { canMount, smallDisk } from "../../support/machine/small-disk.ts";
import { inMatrix } from "../../support/suite.ts";
import { tempFolder } from "../../support/temp-folder.ts";
import { createWorld, type World } from "../../support/world.ts";
import { freshMachine, type Machine, packOnce } from "./machine.ts";

packOnce();

interface Case {
  readonly name: string;
  readonly spoil: (machine: Machine, home: string) => Promise<unknown>;
  readonly says: RegExp;
}

const cases: readonly Case[] = [
  {
    name: "a foreign folder of the same name",
    spoil: (machine) => write(join(machine.skill, "SKILL.md"), "other"),
    says: /skills\/ask-codex is not ours/,
  },
  { name: "a link of the same name", spoil: ({ skill }) => link("/nowhere", skill), says: /is a link to \/nowhere/ },
  {
    name: "settings that are not JSON",
    spoil: (machine) => write(machine.settings, '{"permissions": {'),
    says: /settings\.json is not valid/,
  },
  { name: "a file in the way", spoil: (_, home) => writeFile(join(home, ".claude"), ""), says: /\.claude/ },
];

test.for(cases)("$name: one clear line, and nothing is changed", async ({ spoil, says }) => {
  await using world = await createWorld({ script: [] });
  await using folder = await tempFolder();
  const machine = await freshMachine(world, folder.path);
  await spoil(machine, world.home);
  const before = await listing(world.home);
  for (const flags of [["--allow"], ["--allow", "--dry-run"], ["--review-gate"], ["--review-gate", "--dry-run"]]) {
    const { code, stdout, stderr } = await machine.setup("install", ...flags);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^\[ERROR\] .*\n$/);
    expect(stderr).toMatch(says);
    expect(await listing(world.home)).toEqual(before);
  }
});

inMatrix(() => {
  test("a file in the place of the folder of skills: the rules are not put there either", async () => {
    await using world = await createWorld({ script: [] });
    await using folder = await tempFolder();
    const machine = await freshMachine(world, folder.path);
    await write(dirname(machine.skill), "a file");
    await requireNothingDone(world, machine);
  });

  test.runIf(canMount)("settings that cannot be written: the skill is not put there either", async () => {
    await using world = await createWorld({ script: [] });
    await using folder = await tempFolder();
    const machine = await freshMachine(world, folder.path);
    await using disk = await readOnlyFolder(folder.path, { "settings.json": "{}" });
    await link(join(disk.path, "settings.json"), machine.settings);
    await requireNothingDone(world, machine);
  });
});

test.runIf(canMount || process.getuid?.() !== 0)("a home that cannot be written: one clear line", async () => {
  await using world = await createWorld({ script: [] });
  await using folder = await tempFolder();
  const machine = await freshMachine(world, folder.path);
  await using home = await readOnlyFolder(folder.path);
  for (const flags of [[], ["--allow"]]) {
    const refused = await machine.with({ env: { HOME: home.path } }).setup("install", ...flags);
    expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^\[ERROR\] .*\n$/) });
    expect(refused.stderr).toContain(join(home.path, ".claude"));
    expect(await listing(home.path)).toEqual({});
  }
});

test("settings that are not asked for are not even read", async () => {
  await using world = await createWorld({ script: [] });
  await using folder = await tempFolder();
  const machine = await freshMachine(world, folder.path);
  await write(machine.settings, "{broken");
  expect(await machine.setup("install")).toMatchObject({ code: 0, keys: { status: "installed" } });
  expect(await machine.setup("uninstall")).toMatchObject({ code: 0, keys: { status: "removed" } });
  expect(await readFile(machine.settings, "utf8")).toBe("{broken");
});

test("a package without its skill installs nothing", async () => {
  await using world = await createWorld({ script: [] });
  await using folder = await tempFolder();
  const machine = await freshMachine(world, folder.path);
  await rm(join(folder.path, "package", "SKILL.md"));
  const refused = await machine.setup("install", "--allow");
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("SKILL.md") });
  expect(Object.keys(await listing(world.home)).filter((path) => path.startsWith(".claude"))).toEqual([]);
});

inMatrix(() => {
  test.for([
    { args: ["instal"], says: /Unknown command: instal/ },
    { args: ["install", "--projct"], says: /Unknown option: --projct/ },
    { args: ["install", "here"], says: /Unexpected argument: here/ },
  ])("a command line that is wrong: $args", async ({ args, says }) => {
    await using world = await createWorld({ script: [] });
    await using folder = await tempFolder();
    const machine = await freshMachine(world, folder.path);
    const { code, stderr } = await machine.setup(...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
    expect(stderr).toContain("See ask-codex");
  });
});

test("uninstall where nothing is installed says so; a foreign folder stays", async () => {
  await using world = await createWorld({ script: [] });
  await using folder = await tempFolder();
  const machine = await freshMachine(world, folder.path);
  expect(await machine.setup("uninstall")).toMatchObject({ code: 0, keys: { status: "absent" } });
  await write(join(machine.skill, "SKILL.md"), "other");
  const before = await listing(world.home);
  expect(await machine.setup("uninstall")).toMatchObject({ code: 1, stderr: expect.stringContaining("not ours") });
  expect(await listing(world.home)).toEqual(before);
});

async function requireNothingDone(world: World, machine: Machine): Promise<void> {
  const before = await listing(world.home);
  for (const flag of ["--allow", "--review-gate"]) {
    const refused = await machine.setup("install", flag);
    expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^\[ERROR\] .*\n$/) });
    expect(await listing(world.home)).toEqual(before);
  }
}

/** Root writes through any mode: for it a disk is mounted that takes nothing. */
async function readOnlyFolder(folder: string, files: Readonly<Record<string, string>> = {}) {
  if (canMount) {
    const disk = await smallDisk(folder);
    for (const [path, text] of Object.entries(files)) await write(join(disk.path, path), text);
    await execa("mount", ["-o", "remount,ro", disk.path]);
    return disk;
  }
  const path = join(folder, "read-only");
  await mkdir(path, { mode: 0o500 });
  return { path, [Symbol.asyncDispose]: async () => {} };
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}
