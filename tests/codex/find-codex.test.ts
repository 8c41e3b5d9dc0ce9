import { existsSync } from "node:fs";
import { chmod, mkdir, realpath, symlink, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { type CodexSearch, findCodex } from "../../src/codex/find-codex.ts";
import { type TempFolder, tempFolder } from "../support/temp-folder.ts";

interface Machine extends TempFolder {
  /** Installs a program below the folder; resolves with its path. */
  program(path: string, mode?: number): Promise<string>;
  /** Links one path below the folder to another, as npm does. */
  link(from: string, to: string): Promise<string>;
  find(search: Partial<CodexSearch>): ReturnType<typeof findCodex>;
}

/** A machine without a Codex: an empty home, an empty PATH. */
async function machine(): Promise<Machine> {
  const temp = await tempFolder();
  const root = await realpath(temp.path);
  return {
    ...temp,
    path: root,
    async program(path, mode = 0o755) {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), "#!/bin/sh\n");
      await chmod(join(root, path), mode);
      return join(root, path);
    },
    async link(from, to) {
      await mkdir(dirname(join(root, from)), { recursive: true });
      await symlink(relative(dirname(join(root, from)), join(root, to)), join(root, from));
      return join(root, from);
    },
    find: (search) =>
      findCodex({ command: undefined, path: "", home: join(root, "home"), ownPackage: join(root, "own"), ...search }),
  };
}

const plain = (program: string) => ({ program, args: [], pathAdditions: [] });

// These folders are the machine's own: a Codex that is installed there hides what the tests put elsewhere.
const system = ["/usr/local/bin", "/opt/homebrew/bin", "/home/linuxbrew/.linuxbrew/bin", "/usr/bin"];
const hasSystemCodex = system.some((folder) => existsSync(join(folder, "codex")));

test("the first Codex on PATH is taken, before any usual place", async () => {
  await using at = await machine();
  await at.program("home/.local/bin/codex");
  const first = await at.program("b/codex");
  await at.program("a/codex");
  expect(await at.find({ path: `${at.path}/empty:${at.path}/b:${at.path}/a` })).toEqual(plain(first));
});

test("what cannot be run is passed over", async () => {
  await using at = await machine();
  await at.program("text/codex", 0o644);
  await mkdir(join(at.path, "folder", "codex"), { recursive: true });
  await at.link("dangling/codex", "nowhere");
  await writeFile(join(at.path, "file"), "");
  const real = await at.program("real/codex");
  const path = ["text", "folder", "dangling", "file", "real"].map((folder) => join(at.path, folder)).join(":");
  expect(await at.find({ path })).toEqual(plain(real));
});

test("a relative or empty entry of PATH is passed over: there lies whatever the folder to work in brings", async () => {
  await using at = await machine();
  await at.program("workspace/codex");
  const real = await at.program("real/codex");
  const path = `${relative(process.cwd(), join(at.path, "workspace"))}::${join(at.path, "real")}`;
  expect(await at.find({ path })).toEqual(plain(real));
  expect(await at.find({ path, command: "codex" })).toEqual(plain(real));
});

test.each([
  { name: "a package manager's link", target: "cellar/codex/0.169.0/codex" },
  { name: "the shim of a version manager, one program for many names", target: "manager/bin/manager" },
])("$name is started as it stands on PATH, and not as what it leads to", async ({ target }) => {
  await using at = await machine();
  await at.program(target);
  const link = await at.link("shims/codex", target);
  expect(await at.find({ path: dirname(link) })).toEqual(plain(link));
  expect(await at.find({ command: "codex", path: dirname(link) })).toEqual(plain(link));
  expect(await at.find({ command: link })).toEqual(plain(link));
  expect(await at.find({ command: relative(process.cwd(), link) })).toEqual(plain(link));
});

test("without a home folder the system's places are looked at", async () => {
  await using at = await machine();
  const real = await at.program("bin/codex");
  expect(await at.find({ home: null, path: dirname(real) })).toEqual(plain(real));
});

test.skipIf(hasSystemCodex)(
  "a missing codex is one line, which mentions the package's own only where that was passed over",
  async () => {
    await using at = await machine();
    const line = "codex was not found on PATH or in the usual places of a global install";
    await expect(at.find({ path: `${at.path}/empty` })).rejects.toMatchObject({ kind: "codex_missing", message: line });
    await at.program("own/node_modules/@openai/codex/bin/codex.js");
    await at.link("own/node_modules/.bin/codex", "own/node_modules/@openai/codex/bin/codex.js");
    await expect(at.find({ path: `${at.path}/own/node_modules/.bin` })).rejects.toThrow(/own tests and does not count/);
  },
);

test("this package's own dev dependency is never the user's Codex", async () => {
  await using at = await machine();
  await at.program("own/node_modules/@openai/codex/bin/codex.js");
  await at.link("own/node_modules/.bin/codex", "own/node_modules/@openai/codex/bin/codex.js");
  const real = await at.program("real/codex");
  const path = `${at.path}/own/node_modules/.bin:${at.path}/real`;
  expect(await at.find({ path })).toEqual(plain(real));
});

test.each([".local/bin", ".npm-global/bin", ".npm/bin", ".volta/bin", ".bun/bin", ".local/share/pnpm"])(
  "a Codex in ~/%s is found without PATH",
  async (folder) => {
    await using at = await machine();
    const program = await at.program(`home/${folder}/codex`);
    expect(await at.find({})).toEqual(plain(program));
  },
);

test.skipIf(hasSystemCodex).each([
  { manager: "nvm", of: (version: string) => `.nvm/versions/node/v${version}/bin` },
  { manager: "fnm", of: (version: string) => `.local/share/fnm/node-versions/v${version}/installation/bin` },
  { manager: "asdf", of: (version: string) => `.asdf/installs/nodejs/${version}/bin` },
  { manager: "mise", of: (version: string) => `.local/share/mise/installs/node/${version}/bin` },
])("of the Codexes below several Nodes of $manager, the newest Node's is taken", async ({ of }) => {
  await using at = await machine();
  for (const version of ["9.11.2", "22.3.0", "20.19.0"]) await at.program(`home/${of(version)}/codex`);
  await mkdir(join(at.path, "home", of("24.0.0")), { recursive: true });
  expect(await at.find({})).toEqual(plain(join(at.path, "home", of("22.3.0"), "codex")));
});

test.skipIf(hasSystemCodex)("no Codex anywhere is codex_missing", async () => {
  await using at = await machine();
  await expect(at.find({ path: at.path })).rejects.toMatchObject({ kind: "codex_missing" });
});

const targets: Readonly<Record<string, string>> = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
};
const target = targets[`${process.platform}-${process.arch}`];
const platformPackage = `codex-${process.platform}-${process.arch}`;
const vendor = `vendor/${target}`;

test.skipIf(target === undefined).each([
  { name: "nested in the package", base: `lib/node_modules/@openai/codex/node_modules/@openai/${platformPackage}` },
  { name: "beside the package", base: `lib/node_modules/@openai/${platformPackage}` },
  { name: "in the package itself", base: "lib/node_modules/@openai/codex" },
])("npm's launcher is passed by for the native program $name, with its own folder for PATH", async ({ base }) => {
  await using at = await machine();
  const shim = await at.program("lib/node_modules/@openai/codex/bin/codex.js");
  const program = await at.program(`${base}/${vendor}/bin/codex`);
  const found = { program, args: [], pathAdditions: [join(at.path, base, vendor, "codex-path")] };
  const link = await at.link("bin/codex", "lib/node_modules/@openai/codex/bin/codex.js");
  expect(await at.find({ path: dirname(link) })).toEqual(found);
  expect(await at.find({ command: shim })).toEqual(found);
  expect(await at.find({ command: "codex --verbose", path: dirname(link) })).toEqual({ ...found, args: ["--verbose"] });
});

test("npm's launcher is taken itself when the native program lies where we do not know", async () => {
  await using at = await machine();
  const shim = await at.program("lib/node_modules/@openai/codex/bin/codex.js");
  await at.program(`lib/node_modules/@openai/codex/new-vendor/${target}/codex`);
  await at.program(`lib/node_modules/@openai/${platformPackage}/${vendor}/bin/codex`, 0o644);
  const link = await at.link("bin/codex", "lib/node_modules/@openai/codex/bin/codex.js");
  expect(await at.find({ path: join(at.path, "bin") })).toEqual(plain(link));
  expect(await at.find({ command: shim })).toEqual(plain(shim));
});

test.each([
  { name: "a path, whose blanks are its own", command: (own: string) => own, args: [] },
  { name: "blanks around it", command: (own: string) => `  ${own}\n`, args: [] },
  { name: "a name on PATH", command: () => "server", args: [] },
  { name: "a name and arguments", command: () => "server --flag  value", args: ["--flag", "value"] },
])("ASK_CODEX_COMMAND comes before any Codex: $name", async ({ command, args }) => {
  await using at = await machine();
  await at.program("bin/codex");
  await at.program("text/server", 0o644);
  const program = await at.program("my tools/server");
  const path = ["text", "my tools", "bin"].map((folder) => join(at.path, folder)).join(":");
  expect(await at.find({ command: command(program), path })).toEqual({ ...plain(program), args });
});

test("ASK_CODEX_COMMAND may be a path and arguments", async () => {
  await using at = await machine();
  expect(await at.find({ command: "/bin/sh -c true" })).toEqual({ ...plain("/bin/sh"), args: ["-c", "true"] });
});

test("ASK_CODEX_COMMAND may name what a search passes over", async () => {
  await using at = await machine();
  const own = await at.program("own/node_modules/@openai/codex/bin/codex.js");
  expect(await at.find({ command: own })).toEqual(plain(own));
});

test.each(["none", "/none/server", "text/server", "folder"])(
  "ASK_CODEX_COMMAND that names no program is codex_missing, and no other Codex is taken: %s",
  async (name) => {
    await using at = await machine();
    await at.program("bin/codex");
    await at.program("text/server", 0o644);
    await mkdir(join(at.path, "folder"));
    const command = name.includes("/") ? join(at.path, name) : name;
    await expect(at.find({ command, path: `${at.path}/bin:${at.path}` })).rejects.toMatchObject({
      kind: "codex_missing",
    });
  },
);

test.each(["", "  "])("an ASK_CODEX_COMMAND of '%s' is none", async (command) => {
  await using at = await machine();
  const codex = await at.program("bin/codex");
  expect(await at.find({ command, path: join(at.path, "bin") })).toEqual(plain(codex));
});
