import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { TEMP } from "./paths.ts";
import { testRun } from "./setup/test-run.ts";

export interface TempFolder extends AsyncDisposable {
  readonly path: string;
}

/** A folder that is gone at the end of the scope. There is a blank in its name, which finds what was not quoted. */
export async function tempFolder(): Promise<TempFolder> {
  const path = join(TEMP, `${testRun()} ${randomBytes(4).toString("hex")}`);
  await mkdir(path, { recursive: true });
  return { path, [Symbol.asyncDispose]: () => removeFolder(path) };
}

/** The temporary folders of this test run that are still there. */
export async function foldersLeft(): Promise<readonly string[]> {
  await mkdir(TEMP, { recursive: true, mode: 0o700 });
  const names = await readdir(TEMP);
  return names.filter((name) => name.startsWith(`${testRun()} `)).map((name) => join(TEMP, name));
}

/** Removes what a worker that was killed could not: its templates. */
export async function removeTemplates(): Promise<void> {
  const names = await readdir(TEMP);
  const left = names.filter((name) => name.startsWith(`${testRun()}-templates-`));
  await Promise.all(left.map((name) => removeFolder(join(TEMP, name))));
}

/** Removes a folder, also one in which a process that is just ending still writes. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}
