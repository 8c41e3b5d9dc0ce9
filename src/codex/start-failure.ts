import { readFile } from "node:fs/promises";
import { AskCodexError, type ErrorKind } from "../errors.ts";
import { oneLine } from "../text/defuse.ts";
import type { ServerExit } from "./app-server.ts";
import { howItWent, serverGone } from "./server-exit.ts";

/**
 * Why a Codex that ended before it was ready did so. Nothing but its stderr tells; it is read for that alone, and only here:
 * once Codex runs, stderr is noise.
 */
export async function startFailure(exit: ServerExit, stderrPath: string): Promise<AskCodexError> {
  const gone = serverGone(exit);
  if (gone.kind !== "protocol") return gone;
  const stderr = await readFile(stderrPath, "utf8");
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  const kind: ErrorKind = CAUSES.find(([sentence]) => sentence.test(stderr))?.[1] ?? "codex_incompatible";
  const said =
    lines.length > 0 ? `: ${oneLine(lines.find((line) => /^\s*error\b/i.test(line)) ?? lines.at(-1) ?? "", 300)}` : "";
  return new AskCodexError(kind, `Codex ${howItWent(exit)} before it was ready${said}`, { cause: gone });
}

const CAUSES: readonly (readonly [RegExp, ErrorKind])[] = [
  [/unrecognized subcommand|unexpected argument|unknown command/i, "codex_incompatible"],
  // The second line: what Codex says of a wrong --config, without a word of where it stood.
  [/CODEX_HOME|config(?:uration|\.toml)?\b/i, "config"],
  [/failed to initialize sqlite|Permission denied|Read-only file system/i, "config"],
  [/^Error: (?:unknown variant|invalid (?:type|value)|Model provider)\b/m, "config"],
  [/Missing optional dependency|Cannot find module|Unsupported platform|No such file or directory/i, "codex_missing"],
];
