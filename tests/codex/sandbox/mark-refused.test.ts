import { expect, test } from "vitest";
import type { CommandRun } from "../../../src/codex/command-run.ts";
import { markRefused, sandboxFault } from "../../../src/codex/sandbox/mark-refused.ts";
import type { Sandbox } from "../../../src/codex/settings.ts";

const readOnly: Sandbox = { mode: "read-only", network: false, writableRoots: [] };
const refusal = "touch: cannot touch 'b': Read-only file system\n";

test.each<{ name: string; ran?: Partial<CommandRun>; sandbox?: Partial<Sandbox>; status: CommandRun["status"] }>([
  { name: "a write that met a read-only mount was refused", status: "refused" },
  {
    name: "so was what the kernel did not permit",
    ran: { outputTail: "mount: Operation not permitted" },
    status: "refused",
  },
  { name: "a test that failed was not", ran: { outputTail: "1 test failed" }, status: "failed" },
  { name: "a success that speaks of it was not", ran: { exitCode: 0, status: "completed" }, status: "completed" },
  { name: "without a sandbox nothing is", sandbox: { mode: "danger-full-access" }, status: "failed" },
])("$name", ({ ran, sandbox, status }) => {
  const command: CommandRun = {
    ...{ id: "c", command: "touch b", cwd: "/ws", exitCode: 1, durationMs: 1, readOnly: false },
    ...{ status: "failed", outputTail: refusal },
    ...ran,
  };
  expect(markRefused([command], { ...readOnly, ...sandbox })).toEqual([{ ...command, status }]);
});

const BWRAP = "bwrap: Creating new namespace failed: Operation not permitted\n";

test.each<{ name: string; ran: readonly Partial<CommandRun>[]; fault: string | null }>([
  { name: "every command met it", ran: [{ outputTail: BWRAP }, { outputTail: BWRAP }], fault: BWRAP.trim() },
  {
    name: "macOS has words of its own",
    ran: [{ outputTail: "sandbox-exec: sandbox_apply: no\n" }],
    fault: "sandbox-exec: sandbox_apply: no",
  },
  { name: "one command ran", ran: [{ outputTail: BWRAP }, { status: "completed", exitCode: 0 }], fault: null },
  { name: "a command failed by itself", ran: [{ outputTail: "1 test failed" }, { outputTail: BWRAP }], fault: null },
  { name: "a test's output speaks of it", ran: [{ outputTail: `FAIL\n${BWRAP}` }], fault: null },
  { name: "no command was tried", ran: [], fault: null },
])("the sandbox did not start where $name: $fault", ({ ran, fault }) => {
  const commands = ran.map((one) => ({ ...failed, ...one }));
  expect(sandboxFault(commands)).toBe(fault);
});

const failed: CommandRun = {
  id: "c",
  command: "ls",
  cwd: "/ws",
  exitCode: 1,
  durationMs: 1,
  status: "failed",
  readOnly: false,
  outputTail: "",
};
