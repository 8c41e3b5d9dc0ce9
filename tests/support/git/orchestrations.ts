import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { answerCall } from "../../../src/broker/lead/answer-call.ts";
import type { Delegate, Delegated, LedOutcome } from "../../../src/broker/lead/task/delegate.ts";
import { newOrchestration, type Orchestration } from "../../../src/broker/lead/task/orchestration.ts";
import { openSessionLog, type SessionLog } from "../../../src/broker/store/session-log.ts";
import { sessionPaths } from "../../../src/broker/store/session-paths.ts";
import type { LeadingParts } from "../../../src/broker/worker/context.ts";
import { SessionAttendant } from "../../../src/broker/worker/session-attendant.ts";
import type { ToolReply } from "../../../src/codex/tools.ts";
import type { Outcome } from "../../../src/orchestrate/delegation/outcome.ts";
import type { OrchestrationOptions } from "../../../src/orchestrate/queue/options.ts";
import { delegated } from "../samples/delegation.ts";
import { event, OPTIONS, ORCHESTRATION } from "../samples/session.ts";
import { tempFolder } from "../temp-folder.ts";
import { committed } from "./repository.ts";

/** What becomes of a delegation; null: it goes well. */
type Carry = (given: Delegated) => Promise<Partial<Outcome>> | Partial<Outcome>;

export interface Led extends AsyncDisposable {
  readonly of: Orchestration;
  readonly log: SessionLog;
  readonly attendant: SessionAttendant;
  /** The root of the work tree. */
  readonly root: string;
  /** Calls a tool as Codex does. */
  call(tool: string, given: unknown, signal?: AbortSignal): Promise<ToolReply>;
}

/** An orchestration with a journal, a queue and a work tree of its own, whose delegations are carried out by the test. */
export async function leading(options: Partial<OrchestrationOptions>, carry: Carry = () => ({})): Promise<Led> {
  const folder = await tempFolder();
  const { root } = committed({ "a.txt": "a\n" });
  const paths = sessionPaths(folder.path);
  const orchestration = { ...ORCHESTRATION, ...options };
  const begun = { broker_id: "id", options: { ...OPTIONS, workspace: root, orchestration } };
  await writeFile(paths.events, `${JSON.stringify(event("session_started", begun))}\n`);
  const log = openSessionLog(paths);
  const attendant = new SessionAttendant(log);
  const delegate: Delegate = async (given): Promise<LedOutcome> => {
    given.onProgress({ type: "began", tree: "" });
    const { request: asked, folder: own } = given;
    return { ...delegated({ taskId: asked.task_id, type: asked.type, folder: own }), ...(await carry(given)) };
  };
  const context = { state: join(folder.path, "state") } as LeadingParts["context"];
  const of = newOrchestration({ paths, log, attendant, context, env: {}, changed: () => {} }, orchestration, delegate);
  let calls = 0;
  return {
    ...{ of, log, attendant, root },
    call: (tool, given, signal = new AbortController().signal) =>
      answerCall(of, { tool, callId: String(calls++), arguments: given }, signal),
    async [Symbol.asyncDispose]() {
      await log.publish();
      log.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}
