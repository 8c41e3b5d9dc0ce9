import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { ROOT } from "../paths.ts";

/** A file of this package, by its path below the package's folder. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** The TypeScript modules below a folder of the package. */
export function modulesIn(folder: string): readonly SourceFile[] {
  return readAll(filesBelow(join(ROOT, folder)).filter((path) => path.endsWith(".ts")));
}

/** Every file that belongs to the sources, as git sees it; read from the disk, so it also holds where there is no git. */
export function allSources(): readonly SourceFile[] {
  return readAll(filesBelow(ROOT).filter((path) => !ignored.some((rule) => `/${path}/`.includes(rule))));
}

// .gitignore names whole folders and files only; a rule without a leading slash holds at any depth.
const ignored = readFileSync(join(ROOT, ".gitignore"), "utf8")
  .split("\n")
  .filter((rule) => rule !== "" && !rule.startsWith("#"))
  .map((rule) => `/${rule.replaceAll(/^\/|\/$/g, "")}/`);

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== ".git" && name !== "node_modules")
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesBelow(path) : [relative(ROOT, path)];
    })
    .sort();
}

function readAll(paths: readonly string[]): readonly SourceFile[] {
  return paths.map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}
