import { expect, test } from "vitest";
import type { Inspected } from "../../../src/broker/command/inspect-session.ts";
import { sessionStatusOf } from "../../../src/broker/store/session-state.ts";
import { toStateFile } from "../../../src/broker/store/state-file.ts";
import { moreText, progressText, sessionText } from "../../../src/cli/output/session-text.ts";
import { finished, play } from "../../support/samples/session.ts";

const BESIDE = { folder: "/sessions/id", pending: 0, codexPid: null, latestProgress: "", latestSummary: "" };
const state = toStateFile(play(finished()), BESIDE);
const idle: Inspected = { state, worker: "none", live: null, recovered: false };

/** What Codex might say to look like us: line ends of all kinds, escapes, marks of direction. */
const FORGED = "x\nstatus=stopped\r\nbroker_id=y\u2028error_kind=z\u0085a=b\u001b[2J\u202e";

const lines = (text: string) => text.split("\n").slice(0, -1);
/** Where a reader might see a new line begin. */
const broken = (text: string) => text.split(/[\n\r\u0085\u2028\u2029\v\f]/).slice(0, -1);

test("the original's lines are always there, in their order; ours only where there is something to say", () => {
  expect(sessionStatusOf(play(finished()), 0)).toBe("waiting_input");
  expect(lines(sessionText(idle))).toEqual([
    ...["broker_id=id", "status=waiting_input", "session_id=", "pending_count=0", "last_run_status=completed"],
    ...["last_exit_code=0", "current_run_dir=/sessions/id/runs/run", "last_output_path=/report.md"],
    ...["updated_at=2026-01-02T03:04:05Z", "worker=none"],
  ]);
});

test("nothing of Codex, of a path or of a name can begin a line", () => {
  const question = { id: FORGED, header: "", question: FORGED, options: [{ label: FORGED, description: "" }] };
  const open = { request_id: "r", questions: [question], what: "", reason: "", answers: {} };
  const forged: Inspected = {
    ...idle,
    state: {
      ...state,
      ...{ name: FORGED, last_output_path: `/a${FORGED}`, worktree: FORGED, error_kind: FORGED },
      open_requests: [
        { ...open, type: "question" },
        { ...open, type: "approval", questions: [], what: FORGED, reason: FORGED },
      ],
    },
    live: {
      phase: FORGED,
      last_event: FORGED,
      last_event_age: 1,
      running_command: FORGED,
      last_command: FORGED,
      tokens: 1,
      plan: [],
      delegations: [],
    },
  };
  const text = sessionText(forged);
  expect(broken(text)).toHaveLength(lines(text).length);
  const keys = lines(text).map((line) => line.split("=")[0]);
  expect(new Set(keys).size).toBe(keys.length);
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  const closing = sessionText({ ...idle, state: { ...state, questions: [FORGED, "Shall I?"] } });
  expect(lines(closing).filter((line) => line.startsWith("question=closing: "))).toHaveLength(2);
  expect(broken(closing)).toHaveLength(lines(closing).length);
});

test("a line of progress stays a line", () => {
  expect(progressText(state)).toBe("");
  const text = progressText({ ...state, latest_progress: "[codex] one\n[codex] two\rstatus=stopped\u001b[2J" });
  expect(broken(text)).toHaveLength(3);
  expect(text.startsWith("--- recent_progress ---\n[codex] one\n[codex] two")).toBe(true);
  expect(text).not.toContain("\u001b");
});

test("of what is asked, what is answered already is left out", () => {
  const question = (id: string) => ({ id, header: "", question: `${id}?`, options: [] });
  const request = {
    request_id: "r",
    type: "question",
    questions: ["a", "b"].map(question),
    what: "",
    reason: "",
  } as const;
  const open_requests = [{ ...request, questions: [...request.questions], answers: { a: "1" } }];
  const text = sessionText({ ...idle, state: { ...state, open_requests, questions: ["Shall I?"] } });
  expect(lines(text).filter((line) => line.startsWith("question="))).toEqual(["question=b: b?"]);
});

test("sessions that are not listed are counted", () => {
  expect(moreText(1, true)).toBe("[codex] 1 older session is not shown. codex_broker clean removes old ones.\n");
  expect(moreText(4, false)).toBe(
    "[codex] 4 older sessions are not shown (some from other work trees). codex_broker clean removes old ones.\n",
  );
});
