import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { ROOT } from "./paths.ts";
import { PROGRAM } from "./programs.ts";

/** Compiles the program unless it is there and younger than what it is made of. Quiet; says what is wrong when it fails. */
export async function requireBuilt(signal?: AbortSignal): Promise<void> {
  const built = changedAt(PROGRAM);
  const sources = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" }).map((name) =>
    join("src", name),
  );
  const newest = Math.max(...[...sources, "build.ts", "package.json"].map((name) => changedAt(join(ROOT, name))));
  if (built > newest) return;
  const options = signal === undefined ? {} : { cancelSignal: signal };
  await execa("tsx", ["build.ts"], { cwd: ROOT, preferLocal: true, stdin: "ignore", ...options });
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
