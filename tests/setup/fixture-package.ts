import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readSkillPackage, type SkillPackage } from "../../src/setup/skill-package.ts";

export const SKILL_MD = "---\nname: ask-codex\ndescription: A fixture.\n---\n";

/** What a release has beside the skill. */
export const RELEASE: Readonly<Record<string, string>> = {
  "package.json": '{"name":"ask-codex","version":"1.0.0"}\n',
  ".claude-plugin/plugin.json": '{"name":"ask-codex"}\n',
};

/** The files that every package has to have, and a reference. */
const FILES: Readonly<Record<string, string>> = {
  "SKILL.md": SKILL_MD,
  "scripts/ask_codex": "#!/usr/bin/env node\n",
  "scripts/codex_broker": "#!/usr/bin/env node\n",
  "scripts/ask-codex": "#!/usr/bin/env node\n",
  "scripts/parts": "modules of the programs\n",
  "scripts/ask_codex.sh": "#!/bin/sh\n",
  "scripts/codex_broker.sh": "#!/bin/sh\n",
  "scripts/launch.sh": "# read by the others\n",
  "scripts/package.json": '{"type":"commonjs"}\n',
  "references/modes.md": "# Modes\n",
  LICENSE: "MIT\n",
};

/** A package on the disk, read. `files` come over the usual ones; null leaves one out. */
export async function fixturePackage(
  folder: string,
  version = "1.0.0",
  files: Readonly<Record<string, string | null>> = {},
): Promise<SkillPackage> {
  await writeFiles(folder, { ...FILES, "package.json": "{}", "src/not-shipped.ts": "", ...files });
  return readSkillPackage(folder, version);
}

export async function writeFiles(folder: string, files: Readonly<Record<string, string | null>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    if (content === null) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}
