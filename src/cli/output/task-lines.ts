import type { Live } from "../../broker/socket/protocol.ts";
import type { StateFile } from "../../broker/store/state-file.ts";
import { oneLine } from "../../text/defuse.ts";

/** The tasks of an orchestration, one in a line, with who works on it and at what; none for any other session. */
export function taskLines({ orchestration }: Pick<StateFile, "orchestration">, live: Live | null): readonly string[] {
  return (orchestration?.tasks ?? []).map(({ task_id, title, state, verdict, executor }) => {
    const now = live?.delegations.find((one) => one.task_id === task_id);
    const by = now === undefined ? executor : now.executor;
    const who = by === null ? "" : ` by ${by}`;
    if (now !== undefined) return `${task_id}: ${state}${who}, ${now.seconds} s: ${oneLine(now.action, 100)}`;
    return `${task_id}: ${state}${verdict === null || verdict === state ? "" : ` (${verdict})`}${who}: ${oneLine(title, 100)}`;
  });
}
