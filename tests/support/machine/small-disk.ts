import { closeSync, openSync, writeSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { isErrno } from "../../../src/errors.ts";

export interface SmallDisk extends AsyncDisposable {
  readonly path: string;
  /** Leaves no room for anything more, when it returns. */
  fill(): void;
}

/** Only root may mount, and only Linux has this file system. */
export const canMount = process.platform === "linux" && process.getuid?.() === 0;

/** A disk of its own, of a few hundred kilobytes, mounted in a folder until the end of the scope. */
export async function smallDisk(folder: string): Promise<SmallDisk> {
  const path = join(folder, "small disk");
  await mkdir(path);
  await execa("mount", ["-t", "tmpfs", "-o", "size=512k,mode=0700", "none", path]);
  return {
    path,
    fill: () => fill(join(path, "ballast")),
    async [Symbol.asyncDispose]() {
      await execa("umount", [path]);
    },
  };
}

function fill(path: string): void {
  const file = openSync(path, "w");
  try {
    for (;;) writeSync(file, Buffer.alloc(4096));
  } catch (error) {
    if (!isErrno(error, "ENOSPC")) throw error;
  } finally {
    closeSync(file);
  }
}
