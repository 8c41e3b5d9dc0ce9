import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { inBatches } from "../bounds/in-batches.ts";
import { isErrno, UsageError } from "../errors.ts";
import { entriesBelow } from "./folder-entries.ts";
import { type Manifest, readManifest, sha256 } from "./manifest.ts";

/** A file of the skill, as the package has it. */
interface SkillFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly sha256: string;
  readonly executable: boolean;
}

/** What is installed: all of it is in memory, so that the package may be the very folder that is replaced. */
export interface SkillPackage {
  readonly version: string;
  readonly files: readonly SkillFile[];
  /** What a release has beside the skill, which is never installed. */
  readonly around: readonly SkillFile[];
}

/** Without one of these the skill does not work. */
const REQUIRED = [
  "SKILL.md",
  ...[
    ...["ask_codex", "codex_broker", "ask-codex", "parts"],
    ...["ask_codex.sh", "codex_broker.sh", "launch.sh", "package.json"],
  ].map((name) => `scripts/${name}`),
] as const;
const FOLDERS = ["references", "roles"] as const;
const OPTIONAL = ["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md"] as const;
/** A manifest of the package, made by the build: what was copied by hand has no other. */
export const FILE_LIST = "scripts/files.json";
/** The commands are the plugin's: as a skill, `/ask-codex` is one by itself. */
const AROUND = [
  "package.json",
  FILE_LIST,
  ".claude-plugin/marketplace.json",
  ".claude-plugin/plugin.json",
  ...["doctor", "result", "review", "run", "send", "status", "stop"].map((name) => `commands/${name}.md`),
] as const;

/**
 * Reads the skill out of its package: an unpacked release, a built clone, or an installed copy.
 * @throws UsageError naming what is missing
 */
export async function readSkillPackage(folder: string, version: string): Promise<SkillPackage> {
  const read = async (paths: readonly string[]) => {
    const files = await inBatches(paths, (path) => readSkillFile(folder, path));
    return files.filter((file) => file !== null);
  };
  return { version, files: await read(await pathsIn(folder)), around: await read(AROUND) };
}

export function manifestOf({ version, files }: Pick<SkillPackage, "version" | "files">): Manifest {
  const hashes = files.map(({ path, sha256: hash }) => [path, hash] as const);
  return { name: "ask-codex", version, files: Object.fromEntries(hashes) };
}

/** What someone has put into an installed copy is not of the skill. */
async function pathsIn(folder: string): Promise<readonly string[]> {
  const installed = await readManifest(folder);
  const below = await inBatches(FOLDERS, (name) => pathsBelow(folder, name));
  const all = [...REQUIRED, ...below.flat(), ...OPTIONAL].sort();
  return installed.type === "valid" ? all.filter((path) => Object.hasOwn(installed.value.files, path)) : all;
}

async function pathsBelow(folder: string, name: string): Promise<readonly string[]> {
  try {
    const entries = await entriesBelow(join(folder, name));
    return [...entries].flatMap(([path, kind]) => (kind === "file" ? [join(name, path)] : []));
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}

async function readSkillFile(folder: string, path: string): Promise<SkillFile | null> {
  try {
    const content = await readFile(join(folder, path));
    return { path, content, sha256: sha256(content), executable: content.subarray(0, 2).toString() === "#!" };
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTDIR")) throw error;
    if (!(REQUIRED as readonly string[]).includes(path)) return null;
    const hint = path.startsWith("scripts/") ? "In a clone, run: npm ci" : "Get the package anew.";
    throw new UsageError(`The package has no ${path}: ${folder}.`, hint);
  }
}
