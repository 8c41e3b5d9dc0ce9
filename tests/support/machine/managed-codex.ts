import { readdirSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codexBin } from "../codex.ts";
import type { World } from "../world.ts";

/** Linux only: Codex brings a bubblewrap along there, and where that cannot run Codex has no sandbox either. */
export const canManage = process.platform === "linux";

/**
 * The real Codex on a machine whose administrator has laid down rules: `/etc/codex/requirements.toml` is there for this one
 * program. Resolves with what ASK_CODEX_COMMAND is to be.
 */
export async function managedCodex(world: World, version: string, requirements: string): Promise<string> {
  const [rules, program] = [join(world.home, "requirements.toml"), join(world.home, "managed-codex")];
  await writeFile(rules, requirements);
  const words = [
    ...[bubblewrap(version), "--dev-bind", "/", "/", "--tmpfs", "/etc", "--ro-bind", "/etc/passwd", "/etc/passwd"],
    ...["--ro-bind", rules, "/etc/codex/requirements.toml", codexBin(version)],
  ];
  await writeFile(program, `#!/bin/sh\nexec ${words.map((word) => `'${word}'`).join(" ")} "$@"\n`);
  await chmod(program, 0o755);
  return program;
}

function bubblewrap(version: string): string {
  const vendor = join(dirname(codexBin(version)), "..", "@openai", `codex-linux-${process.arch}`, "vendor");
  const [target = ""] = readdirSync(vendor);
  return join(vendor, target, "codex-resources", "bwrap");
}
