import type { RemoteEnvironment } from "../../codex/environment.ts";
import type { Turn } from "../../codex/fold-turn.ts";
import { mismatches, type ResolvedSettings } from "../../codex/settings.ts";
import type { RecordedAgent } from "../../codex/turn/agent-records.ts";
import type { Session } from "../session/open-session.ts";

/** What Codex's own records say of the settings under which a turn and its sub-agents have run. */
export interface Proof {
  /** What was otherwise than asked, one sentence each. */
  readonly wrong: readonly string[];
  /** Each turn, a sub-agent's too, is on record under its own id with the settings asked for. */
  readonly proved: boolean;
}

/** What Codex's own records say. */
interface Recorded {
  readonly ofTurns: ReadonlyMap<string, ResolvedSettings>;
  readonly agents: readonly RecordedAgent[];
  /** The machine that the turn was to run on; null: this one. */
  readonly environment: RemoteEnvironment | null;
}

export function proveSettings(session: Session, turn: Turn, { ofTurns, agents, environment }: Recorded): Proof {
  const asked = session.settings.turn;
  const own = turn.ids.flatMap((id) => ofTurns.get(id) ?? []);
  const wrong = (own.length > 0 ? own : [announced(session, turn)]).flatMap((got) =>
    mismatches(asked, environment?.recordAsHere(got, asked.cwd) ?? got),
  );
  const children = agents.map(({ threadId, turn: { ids }, record }) => {
    const recorded = ids.flatMap((id) => record.ofTurns.get(id) ?? []);
    // A sub-agent may have another model, and a role's effort; what it may write is ours to say.
    const held = recorded.flatMap(({ sandboxPolicy, approvalPolicy }) =>
      mismatches(asked, { ...asked, sandboxPolicy, approvalPolicy }),
    );
    return {
      complete: recorded.length === ids.length,
      wrong: held.map((sentence) => `${sentence} (sub-agent ${threadId})`),
    };
  });
  const all = [...new Set([...wrong, ...children.flatMap((child) => child.wrong)])];
  const complete = own.length === turn.ids.length && children.every((child) => child.complete);
  return { wrong: all, proved: complete && all.length === 0 };
}

/** Without a record: the last notice, then what the thread was opened with. */
function announced({ thread }: Session, { settings }: Turn): ResolvedSettings {
  const { sandbox: sandboxPolicy, reasoningEffort: effort, ...answer } = thread.answer;
  return settings ?? { ...answer, sandboxPolicy, effort };
}
