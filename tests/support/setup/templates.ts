import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { TEMP } from "../paths.ts";
import { testRun } from "./test-run.ts";

/**
 * Fills a folder with a copy of what `make` made in another one for the same key: a repository or Codex's databases cost a tenth of
 * what making them does. Each process makes its own, and removes them when it ends.
 */
export function copyOf(key: string, folder: string, make: (folder: string) => void): void {
  const template = join(shelf(), createHash("sha1").update(key).digest("hex"));
  if (!existsSync(template)) {
    mkdirSync(template);
    make(template);
  }
  cpSync(template, folder, { recursive: true });
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
