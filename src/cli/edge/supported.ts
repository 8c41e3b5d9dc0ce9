/** Why this machine cannot run us, in one line; null when it can. */
export function unsupported(platform: string, nodeVersion: string): string | null {
  if (platform === "win32") return "Windows is not supported: run it inside WSL (Windows Subsystem for Linux).";
  const [major = 0, minor = 0] = nodeVersion.split(".").map(Number);
  if (major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor)) return null;
  return `Node ${nodeVersion} is too old: install Node ${OLDEST_NODE.major}.${OLDEST_NODE.minor} or newer.`;
}

const OLDEST_NODE = { major: 20, minor: 19 };
