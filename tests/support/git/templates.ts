import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TEMP } from "../paths.ts";
import { testRun } from "../setup/test-run.ts";

/**
 * Fills a folder with a copy of what `make` made in another one for the same key: copying a repository costs a tenth of making it.
 * Each process makes its own, and removes them when it ends.
 */
export function copyOf(key: string, folder: string, make: (folder: string) => void): void {
  const template = join(shelf(), createHash("sha1").update(key).digest("hex"));
  if (!existsSync(template)) {
    mkdirSync(template);
    make(template);
    // Git's samples of hooks stay out; the folders that programs and tests expect are there.
    for (const name of ["hooks", "info"]) mkdirSync(join(gitFolderIn(template), name), { recursive: true });
  }
  cpSync(template, folder, { recursive: true });
}

function gitFolderIn(template: string): string {
  const inside = join(template, ".git");
  return existsSync(inside) ? inside : template;
}

let folder: string | undefined;

function shelf(): string {
  if (folder === undefined) {
    mkdirSync(TEMP, { recursive: true });
    const made = mkdtempSync(join(TEMP, `${testRun()}-templates-`));
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return folder;
}
