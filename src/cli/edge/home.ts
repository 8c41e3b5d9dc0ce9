import { homedir } from "node:os";

/** The user's home folder; null where there is none: no HOME, and no entry in the user database (containers). */
export function homeFolder(): string | null {
  try {
    const home = homedir();
    return home.startsWith("/") ? home : null;
  } catch {
    // uv_os_homedir fails with ENOENT for a user id without an entry.
    return null;
  }
}
