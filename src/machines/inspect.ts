import { lacksLogin } from "../codex/turn/codex-there.ts";
import { requireSupported } from "../codex/version.ts";
import { messageOf } from "../errors.ts";
import { randomHex } from "../files/random-hex.ts";
import { compareVersions } from "../text/versions.ts";
import type { Machine } from "./machine.ts";
import { INSPECT } from "./scripts.ts";
import { FailedThere, runThere, Unreachable } from "./ssh.ts";

/** What one look at a machine came to. */
export interface MachineLook {
  readonly machine: Machine;
  readonly state: "ready" | "unfit" | "unreachable";
  /** What it lacks, or why it cannot be reached; of a machine that is ready, its Codex. */
  readonly words: string;
}

const LOOK_MS = 60_000;

/** Looks whether a machine has what a task needs there. Rejects for what fails here, and with the signal's reason. */
export async function inspectMachine(machine: Machine, signal?: AbortSignal): Promise<MachineLook> {
  const args = [machine.folder, `look-${randomHex(8)}`, machine.codex, machine.login];
  try {
    const options = { limitMs: LOOK_MS, ...(signal !== undefined && { signal }) };
    const printed = (await runThere(machine, INSPECT, args, options)).toString();
    const found = new Map([...printed.matchAll(/^(\w+)=(.*)$/gm)].map(([, key = "", value = ""]) => [key, value]));
    const lacks = lacking(found, machine);
    return lacks === null
      ? { machine, state: "ready", words: found.get("codex") ?? "" }
      : { machine, state: "unfit", words: lacks };
  } catch (error) {
    if (error instanceof Unreachable) return { machine, state: "unreachable", words: error.message };
    if (error instanceof FailedThere) return { machine, state: "unfit", words: error.message };
    throw error;
  }
}

// `init --object-format`.
const OLDEST_GIT = "2.29.0";
// Less holds neither a work tree nor what a build leaves.
const LEAST_KB = 100_000;

/** What is missing for a task, in words; null: nothing. */
export function lacking(
  found: ReadonlyMap<string, string>,
  { codex, login }: Pick<Machine, "codex" | "login">,
): string | null {
  const git = /\d+\.\d+\.\d+/.exec(found.get("git") ?? "")?.[0];
  if (git === undefined) return "it has no git";
  if ((compareVersions(git, OLDEST_GIT) ?? 0) < 0) return `its git is ${git}; ${OLDEST_GIT} is needed`;
  if (!found.get("codex")) return `it has no Codex called ${codex}; name one with codex: in your configuration`;
  const unfit = login === "own" ? lackingOwn(found) : lackingServer(found);
  if (unfit !== null) return unfit;
  if (!found.has("sandbox")) return "the sandbox of its Codex does not start; try there: codex sandbox true";
  if (!found.has("proc")) return "it has no /proc, where processes that a task leaves are found";
  const free = Number(found.get("free_kb"));
  return free < LEAST_KB ? `its disk has ${Math.floor(free / 1000)} MB free; ${LEAST_KB / 1000} are needed` : null;
}

function lackingServer(found: ReadonlyMap<string, string>): string | null {
  if (found.has("ws_auth")) return null;
  return `its Codex (${found.get("codex")}) has no exec-server with --ws-auth; update it there`;
}

/** What is asked of a Codex that works there by itself. */
function lackingOwn(found: ReadonlyMap<string, string>): string | null {
  const version = /\d+\.\d+\.\d+\S*/.exec(found.get("codex") ?? "")?.[0] ?? "unknown";
  try {
    requireSupported(version);
  } catch (error) {
    return messageOf(error);
  }
  const lacks = lacksLogin(found.get("account") ?? "");
  if (lacks === null) return `its Codex (${version}) does not answer as an app-server`;
  return lacks ? "its Codex is not logged in, and is to use a login of its own (login: own)" : null;
}
