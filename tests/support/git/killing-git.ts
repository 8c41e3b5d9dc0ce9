import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { World } from "../world.ts";

/** A git on PATH that kills a process at one of its calls, and then does what it was asked. */
export interface KillingGit {
  readonly env: Readonly<Record<string, string>>;
  /** From now on calls are counted; at this one, or the first after it, the process is killed. */
  arm(pid: number, at: number): void;
}

/** Puts one into the world's temporary folder. */
export async function killingGit(world: World): Promise<KillingGit> {
  const folder = join(world.temp, "killing");
  const [armed, calls] = [join(folder, "armed"), join(folder, "calls")];
  await mkdir(join(folder, "bin"), { recursive: true });
  const real = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
  const program = [
    "#!/bin/sh",
    `if read -r pid at 2>/dev/null < '${armed}'; then`,
    `  echo "$*" >> '${calls}'`,
    `  [ "$(wc -l < '${calls}')" -lt "$at" ] || kill -9 "$pid" 2>/dev/null`,
    "fi",
    `exec '${real}' "$@"`,
    "",
  ];
  await writeFile(join(folder, "bin", "git"), program.join("\n"));
  await chmod(join(folder, "bin", "git"), 0o755);
  return {
    env: { PATH: `${join(folder, "bin")}${delimiter}${world.env["PATH"]}` },
    arm: (pid, at) => writeFileSync(armed, `${pid} ${at}\n`),
  };
}
