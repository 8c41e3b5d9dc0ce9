import { copyFile, mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { allSources } from "../support/documents/source-files.ts";
import { withNode } from "../support/machine/nodes.ts";
import { ROOT } from "../support/paths.ts";
import { BROKER, PROGRAM, SETUP } from "../support/programs.ts";
import { tempFolder } from "../support/temp-folder.ts";

const manifest = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as {
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
};

test("no source names a folder of one machine or a package registry", () => {
  const machine = /(?<![\w.\-/])\/(work|root|Users)\/[\w.-]+/g;
  const registry = /https?:\/\/[^\s"'/]*(registry|artifactory|nexus|verdaccio|npmmirror)[^\s"'/]*/gi;
  const found = allSources().flatMap(({ path, text }) =>
    [machine, registry].flatMap((pattern) => (text.match(pattern) ?? []).map((match) => `${path}: ${match}`)),
  );
  expect(found).toEqual([]);
});

test("the committed programs are executable", async () => {
  for (const program of ["scripts/ask_codex.sh", "scripts/codex_broker.sh", ".ci/run"]) {
    expect((await stat(join(ROOT, program))).mode & 0o111, program).toBe(0o111);
  }
});

const PROGRAMS = [PROGRAM, BROKER, SETUP].map((path) => ({ path, name: basename(path) }));

withNode("rest", ({ path: node }) => {
  describe.for(PROGRAMS)("$name", ({ path }) => {
    test.for([
      { parent: "of ES modules", manifest: '{"type":"module"}' },
      { parent: "of CommonJS", manifest: '{"type":"commonjs"}' },
      { parent: "of no type", manifest: "{}" },
    ])("runs below a package $parent, through a symlink, without node_modules", async ({ manifest: parent }) => {
      await using folder = await tempFolder();
      const scripts = join(folder.path, "a skill", "scripts");
      await mkdir(scripts, { recursive: true });
      await writeFile(join(folder.path, "package.json"), parent);
      await copyFile(path, join(scripts, "program"));
      for (const name of ["parts", "package.json"]) await copyFile(join(ROOT, "scripts", name), join(scripts, name));
      await symlink("a skill/scripts/program", join(folder.path, "link"));
      const { stdout } = await execa(node, [join(folder.path, "link"), "--version"], { cwd: "/" });
      expect(stdout).toContain(manifest.version);
    });

    test("says what is missing where it was copied without its modules", async () => {
      await using folder = await tempFolder();
      const alone = join(folder.path, "program");
      await copyFile(path, alone);
      const { exitCode, stderr } = await execa(node, [alone, "list"], { reject: false });
      expect({ exitCode, stderr }).toEqual({
        exitCode: 3,
        stderr: expect.stringMatching(/parts is damaged. Install ask-codex again/),
      });
    });

    test("prints its usage", async () => {
      const { stdout, stderr } = await execa(node, [path, "--help"]);
      expect(stdout).toMatch(/^usage:/im);
      expect(stderr).toBe("");
    });
  });
});

test.for(PROGRAMS)("$name starts where Node is installed but not on PATH, also through a link", async ({ path }) => {
  await using folder = await tempFolder();
  const [bin, nvm] = [join(folder.path, "bin"), join(folder.path, ".nvm", "versions", "node", "v24.0.0", "bin")];
  for (const made of [bin, nvm]) await mkdir(made, { recursive: true });
  const readlink = (await execa("sh", ["-c", "command -v readlink"])).stdout;
  await symlink(readlink, join(bin, "readlink"));
  await symlink(process.execPath, join(nvm, "node"));
  await symlink(path, join(folder.path, "link"));
  const env = { PATH: bin, HOME: folder.path };
  for (const command of [path, join(folder.path, "link")]) {
    const { stdout } = await execa(command, ["--version"], { env, extendEnv: false, cwd: "/" });
    expect(stdout).toContain(manifest.version);
  }
});

test.for(Object.entries(manifest.bin))("npm's %s is the compiled program, which starts by itself", async ([, path]) => {
  const { stdout } = await execa(join(ROOT, path), ["--version"]);
  expect(stdout).toContain(manifest.version);
});
