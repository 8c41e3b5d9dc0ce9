import { calls, type Reply } from "../../support/model/replies.ts";

/** A command that Codex waits for as long as it may: of itself it goes on without one after 10 s. */
export function longCommand(cmd: string): Reply {
  return calls({ name: "exec_command", args: { cmd, yield_time_ms: 30_000 } });
}

/** One that ends when the test has made a file in the workspace. */
export function untilThere(name: string): Reply {
  return longCommand(`until [ -e ${name} ]; do sleep 0.05; done`);
}
