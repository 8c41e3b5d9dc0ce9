import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { listing } from "../support/listing.ts";
import { tempFolder } from "../support/temp-folder.ts";
import { createWorld } from "../support/world.ts";
import { freshMachine, type Machine, packOnce } from "./setup-machine.ts";

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
    name: "settings that are no JSON",
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
  for (const flags of [[], ["--dry-run"]]) {
    const { code, stdout, stderr } = await machine.setup("install", "--allow", ...flags);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^\[ERROR\] .*\n$/);
    expect(stderr).toMatch(says);
    expect(await listing(world.home)).toEqual(before);
  }
});

test.skipIf(process.getuid?.() === 0)("a home that cannot be written: one clear line", async () => {
  await using world = await createWorld({ script: [] });
  await using folder = await tempFolder();
  const machine = await freshMachine(world, folder.path);
  const home = join(folder.path, "read-only");
  await mkdir(home, { mode: 0o500 });
  const refused = await machine.with({ env: { HOME: home } }).setup("install");
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be written") });
  expect(await listing(home)).toEqual({});
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

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}
