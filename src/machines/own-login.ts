import type { CodexThere } from "../ask/model/elsewhere.ts";
import { writeWhole } from "../files/write-whole.ts";
import { whileLoggingIn } from "./gate.ts";
import type { Machine } from "./machine.ts";
import { CODEX, HANDED_ON, RECORD } from "./scripts.ts";
import { runThere, sshWords, wordsThere } from "./ssh.ts";

/** What a Codex that works in the folder of a run over there is spoken to with. `lose` is called when it ends before it is ended here. */
export function ownLogin(machine: Machine, runId: string, lose: () => void): CodexThere {
  return {
    program: `${machine.codex} on ${machine.name}`,
    command: commandFor(machine, runId),
    starting: (start) => whileLoggingIn(machine, start),
    copyRecord: (from, to) => copyRecord(machine, from, to),
    gone: lose,
  };
}

function commandFor(machine: Machine, runId: string): CodexThere["command"] {
  const ssh = sshWords(machine);
  const there = wordsThere(machine, CODEX, [machine.folder, runId, machine.codex]);
  return {
    program: "bash",
    args: ["-c", HANDED_ON, "bash", String(ssh.length), ...ssh, ...there],
    pathAdditions: [],
  };
}

const COPY_MS = 60_000;

/** Without it the run says that the settings are not proved. */
async function copyRecord(machine: Machine, from: string, to: string): Promise<void> {
  const record = await runThere(machine, RECORD, [machine.folder, "", from], { limitMs: COPY_MS }).catch(() => null);
  if (record !== null) await writeWhole(to, record);
}
