import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { codexBin } from "../codex.ts";
import { GIT_ENV } from "../git/git.ts";
import { copyOf } from "../setup/templates.ts";

/** A CODEX_HOME in which Codex has been before. Its databases, which the first start makes, cost as much as a task. */
export function copyCodexHome(folder: string, version: string): void {
  copyOf(`CODEX_HOME of Codex ${version}`, folder, (template) => {
    const initialize = { id: 0, method: "initialize", params: { clientInfo: { name: "tests", version: "0" } } };
    const settings = ["skills.bundled.enabled=false", "features.plugins=false", "analytics.enabled=false"];
    const { status, stderr } = spawnSync(
      codexBin(version),
      ["app-server", ...settings.flatMap((setting) => ["--config", setting])],
      {
        cwd: template,
        env: { PATH: process.env["PATH"], HOME: template, CODEX_HOME: template, ...GIT_ENV },
        input: `${JSON.stringify(initialize)}\n`,
        encoding: "utf8",
      },
    );
    if (status !== 0) throw new Error(`Codex ${version} did not set up its home: ${stderr}`);
    // SQLite's index of the log is made anew from the log.
    for (const name of readdirSync(template)) if (name.endsWith("-shm")) rmSync(join(template, name));
  });
}
