import { spawn } from "node:child_process";
import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import type { World } from "../world.ts";

/** How a command ended that was run in a terminal. */
interface InTerminal {
  readonly code: number;
  /** What it wrote, with all control sequences. */
  readonly raw: string;
  /** The same without them, as lines. */
  readonly lines: readonly string[];
}

/** Runs a command in a pseudo-terminal of util-linux's `script`, `columns` wide, to its end. */
export async function inTerminal(
  world: World,
  words: readonly string[],
  { columns = 100, cwd = world.workspace, env = {}, seen = () => {} }: TerminalOptions = {},
): Promise<InTerminal> {
  const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const child = spawn("script", ["-qfec", `stty rows 24 cols ${columns}; ${quoted}`, "/dev/null"], {
    cwd,
    env: { ...world.env, TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let raw = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    raw += chunk;
    seen(raw);
  });
  const [code] = (await once(child, "close")) as [number];
  return { code, raw, lines: stripVTControlCharacters(raw).split(/\r?\n/) };
}

interface TerminalOptions {
  readonly columns?: number;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Told all that was written so far, each time there is more. */
  readonly seen?: (raw: string) => void;
}
