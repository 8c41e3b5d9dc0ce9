import { closeSync, fsyncSync, openSync } from "node:fs";

/** Brings the names in a folder to the disk: a file that is on it is found after a power cut only when its name is as well. */
export function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
