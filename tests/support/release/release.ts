import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";
import { ROOT } from "../paths.ts";

export interface Release {
  readonly tarball: string;
  /** Packed, in bytes. */
  readonly size: number;
  readonly paths: readonly string[];
}

/**
 * Packs the release as npm would publish it, in `folder`. Out of a copy of the checkout: while npm packs, another test run may build the
 * programs anew, and a file that changes under its hands makes it fail.
 */
export async function packRelease(folder: string): Promise<Release> {
  const copy = join(folder, "checkout");
  await mkdir(copy, { recursive: true });
  for (const name of (await readdir(ROOT)).filter((entry) => !LEFT_OUT.includes(entry)))
    await cp(join(ROOT, name), join(copy, name), { recursive: true, filter: (path) => !path.endsWith(".tmp") });
  const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await execa("npm", args, { cwd: copy });
  const [packed] = JSON.parse(stdout) as [{ filename: string; size: number; files: { path: string }[] }];
  const { filename, size, files } = packed;
  return { tarball: join(folder, basename(filename)), size, paths: files.map(({ path }) => path) };
}

const LEFT_OUT = ["node_modules", ".git", "bench-results"];

/** Unpacks it below a folder, as `npm install` would lay it down. Resolves with where it lies. */
export async function unpackRelease({ tarball }: Release, folder: string): Promise<string> {
  await execa("tar", ["-xzf", tarball], { cwd: folder });
  return join(folder, "package");
}

export async function readJson(folder: string, path: string) {
  return JSON.parse(await readFile(join(folder, path), "utf8"));
}
