import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { BROKER } from "../../support/programs.ts";

import { type Drawn, drawnOn } from "../../support/samples/watch-drawn.ts";
import type { World } from "../../support/world.ts";

/** `codex_broker watch` in a pseudo-terminal of util-linux's `script`, and what is on its screen. */
export interface WatchTerminal extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Resolves with the screen once it shows this. */
  shows(match: RegExp): Promise<Drawn>;
  type(keys: string): void;
  /** Everything that was written so far. */
  text(): string;
  readonly tty: () => string;
  readonly pid: () => number;
  /** Everything that was written, once the terminal is left by its shell. */
  readonly closed: Promise<string>;
}

// Well within a test's own limit, which would not tell what there was instead.
const HOPELESS_MS = 40_000;

/** The shell around the command tells what is left of the terminal when it has ended: `code=…`, and the settings of `stty -a`. */
export function watchIn(
  world: World,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): WatchTerminal {
  const words = args.map((arg) => `'${arg}'`).join(" ");
  const inner = `stty rows 24 cols 80; echo "tty=$(tty)"; sh -c 'echo "pid=$$"; exec "$@"' sh '${BROKER}' watch ${words}; echo "code=$?"; stty -a`;
  const child = spawn("script", ["-qfec", inner, "/dev/null"], {
    cwd: world.workspace,
    env: { ...world.env, TERM: "xterm-256color", SHELL: "/bin/sh", ...env },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let text = "";
  const looks = new Set<() => void>();
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    for (const look of looks) look();
  });
  const closed = once(child, "close").then(() => text);
  return {
    child,
    closed,
    text: () => text,
    tty: () => /tty=(\S+)/.exec(text)?.[1] ?? "",
    pid: () => Number(/pid=(\d+)/.exec(text)?.[1]),
    type: (keys) => void child.stdin?.write(keys),
    shows(match) {
      return new Promise((resolve, reject) => {
        const settle = () => {
          clearTimeout(timer);
          looks.delete(look);
        };
        const look = () => {
          const drawn = drawnOn(text);
          if (!match.test(drawn.rows.join("\n"))) return;
          settle();
          resolve(drawn);
        };
        const giveUp = (why: string) => {
          settle();
          reject(
            new Error(
              `${match} is not shown: ${why}; there is:\n${drawnOn(text).rows.join("\n")}\n---\n${JSON.stringify(text)}`,
            ),
          );
        };
        const timer = setTimeout(() => giveUp(`none came in ${HOPELESS_MS} ms`), HOPELESS_MS);
        void closed.then(() => giveUp("the terminal is closed"));
        looks.add(look);
        look();
      });
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await closed;
    },
  };
}
