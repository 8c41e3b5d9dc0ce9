/** The user's home folder; null where there is none: no HOME, and no entry in the user database (containers). */
export function homeFolder(): string | null {
  const named = process.env["HOME"];
  // What node:os would say as well, and loading it takes longer than to ask.
  if (named !== undefined) return named.startsWith("/") ? named : null;
  try {
    const home = process.getBuiltinModule("node:os").homedir();
    return home.startsWith("/") ? home : null;
  } catch {
    // uv_os_homedir fails with ENOENT for a user id without an entry.
    return null;
  }
}
