import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import { watchLines } from "../../../src/cli/watch/lines.ts";
import type { Watched } from "../../../src/cli/watch/session.ts";
import { asks, asksTo, ID, NOW, questionLike, runningLike, watchedLike } from "./watched-like.ts";

const WIDE = { columns: 120, rows: 40 };
const SHORT = ID.slice(0, 19);
const PLAN = [
  { step: "Look around", status: "completed" },
  { step: "Paint it", status: "inProgress" },
  { step: "Let it dry", status: "pending" },
];
const IDS = ["1", "2", "3", "4"].map((minute) => `20260102-115${minute}00-000-0123456789abcdef`);
const [A = "", B = "", C = "", D = ""] = IDS;

function shown(sessions: readonly Watched[] | null, size: Partial<typeof WIDE> = {}): readonly string[] {
  return watchLines(sessions, { ...WIDE, ...size }, NOW, (_, text) => text);
}

describe("a session", () => {
  test.each([
    { name: "idle", session: watchedLike(), told: ["  20260102-115900-000  done  1m"] },
    {
      name: "with a name, running a command",
      session: runningLike({ state: { name: "painter" } }),
      told: ["> @painter 20260102-115900-000  running  running a command  3s  1234 tokens", "    running: npm test"],
    },
    {
      name: "with a queue behind the message that runs",
      session: runningLike({
        state: { pending_count: 3 },
        live: { running_command: null, phase: "thinking", tokens: null },
      }),
      told: ["> 20260102-115900-000  running  thinking  3s  2 in the queue"],
    },
    {
      name: "that ran a command before",
      session: runningLike({
        live: { running_command: null, last_command: "npm test", phase: "writing", tokens: null },
      }),
      told: ["> 20260102-115900-000  running  writing  3s", "    last: npm test"],
    },
    {
      name: "seen ten seconds ago is as much older",
      session: runningLike({ live: { tokens: null }, at: NOW - 10_000 }),
      told: ["> 20260102-115900-000  running  running a command  13s", "    running: npm test"],
    },
    {
      name: "with a plan",
      session: runningLike({ live: { tokens: null, plan: PLAN } }),
      told: [
        "> 20260102-115900-000  running  running a command  3s",
        "    running: npm test",
        "    [x] Look around",
        "    [>] Paint it",
        "    [ ] Let it dry",
      ],
    },
    {
      name: "whose message nobody has taken yet",
      session: watchedLike({ state: { status: "queued", pending_count: 1 }, live: null, worker: "none" }),
      told: ["- 20260102-115900-000  queued  1m  1 in the queue"],
    },
    {
      name: "whose closing question has its answer in the queue",
      session: watchedLike({ state: { status: "queued", pending_count: 1, questions: ["Shall I?"] } }),
      told: ["- 20260102-115900-000  queued  1m  1 in the queue"],
    },
    {
      name: "without a worker, which waits for nobody",
      session: watchedLike({ state: { status: "stopped" }, live: null, worker: "none" }),
      told: ["  20260102-115900-000  stopped  1m"],
    },
  ])("$name", ({ session, told }) => {
    expect(shown([session]).slice(1)).toEqual(told);
  });

  test("shows none of the escapes in what Codex says", () => {
    const text = "a\u001b[2Jb\r\nc\u009b31md\u202ee\tf\ud800";
    const lines = shown([
      runningLike({ live: { phase: text, running_command: text, plan: [{ step: text, status: text }] } }),
      watchedLike({ id: A, state: asks([questionLike(text, text, [text])]) }),
      watchedLike({ id: B, state: { status: "attention_required", error_kind: text, name: text } }),
      { folder: `/state/sessions/${C}`, at: NOW, type: "damaged", reason: text },
    ]);
    expect(lines.join("\n")).toMatch(/ab cde f\ufffd/);
    expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\ud800]/);
  });
});

describe("a session that waits for somebody", () => {
  const title = expect.stringMatching(/^! 20260102-115900-000 {2}/);
  test.each([
    {
      name: "a question is shown with its options and the answer's command",
      state: asks([questionLike("colour", "Which colour?", ["Red", "Blue"])]),
      told: [
        "asks: Which colour?",
        "  1. Red: as Red is",
        "  2. Blue: as Blue is",
        `$ codex_broker answer ${SHORT} "<text>"`,
      ],
    },
    {
      name: "of several questions each has its own command, the answered ones none",
      state: asks([questionLike("a", "One?"), questionLike("b's", "Two?"), questionLike("c", "Three?")], ["a"]),
      told: [
        "asks: Two?",
        `$ codex_broker answer ${SHORT} "<text>" --question 'b'\\''s'`,
        "asks: Three?",
        `$ codex_broker answer ${SHORT} "<text>" --question c`,
      ],
    },
    {
      name: "an approval has both commands",
      state: asksTo("run rm -r x", "it is old"),
      told: [
        "wants to: run rm -r x (it is old)",
        `$ codex_broker approve ${SHORT}`,
        `$ codex_broker deny ${SHORT} "<why>"`,
      ],
    },
    {
      name: "an answer that closed with a question can be answered",
      state: { questions: ["Shall I go on?"] },
      told: ["asks: Shall I go on?", `$ codex_broker answer ${SHORT} "<text>"`],
    },
    {
      name: "a failed run is named",
      state: { status: "attention_required", last_run_status: "fatal_error", error_kind: "auth" } as const,
      told: ["the last run: fatal_error, auth", `$ codex login`, `$ codex_broker send ${SHORT} "<text>"`],
    },
    {
      name: "a queue that is held is to be resumed",
      state: { status: "attention_required", last_run_status: "timeout", queue_held: true, pending_count: 2 } as const,
      told: ["the last run: timeout", `$ codex_broker summary ${SHORT}`, `$ codex_broker resume ${SHORT}`],
    },
  ])("$name", ({ state, told }) => {
    const [, ...lines] = shown([watchedLike({ state })]);
    expect(lines).toEqual([title, ...told.map((line) => `    ${line}`)]);
  });

  test.each([
    { name: "a worker that does not answer is to be stopped", like: { worker: "silent", live: null }, word: "stop" },
    {
      name: "work that nobody has done for long is to be resumed",
      like: { worker: "none", live: null, state: { status: "queued", pending_count: 1 }, at: NOW - 20_000 },
      word: "resume",
    },
  ] as const)("$name", ({ like, word }) => {
    expect(shown([watchedLike(like)]).at(-1)).toBe(`    $ codex_broker ${word} ${SHORT}`);
  });

  test("a damaged one says what is wrong", () => {
    const damaged: Watched = { folder: `/state/sessions/${ID}`, at: NOW, type: "damaged", reason: "not JSON" };
    expect(shown([damaged]).slice(1)).toEqual(["! 20260102-115900-000  damaged", "    not JSON"]);
  });
});

test("a session goes by its name where only it has that name, and a command that is too wide goes on in the next line", () => {
  const failed = { status: "attention_required", last_run_status: "error" } as const;
  const named = watchedLike({ state: { ...failed, name: "painter" } });
  expect(shown([named]).slice(-2)).toEqual([
    "    $ codex_broker summary @painter",
    '    $ codex_broker send @painter "<text>"',
  ]);
  const same = watchedLike({ id: A, state: { ...failed, name: "painter" } });
  expect(shown([named, same]).join("\n")).not.toContain("summary @painter");
  expect(shown([watchedLike({ state: failed })], { columns: 40 }).slice(-2)).toEqual([
    "    $ codex_broker send \\",
    `      ${SHORT} "<text>"`,
  ]);
});

describe("several sessions", () => {
  const asking = watchedLike({ id: A, state: asks([questionLike("q", "Which?", ["Red", "Blue"])]) });
  const running = runningLike({ id: B, live: { plan: PLAN } });
  const queued = watchedLike({ id: C, state: { status: "queued", pending_count: 1 } });
  const idle = watchedLike({ id: D });

  test("those that wait for somebody come first, then those that run, and of each the newest", () => {
    const sessions = [idle, queued, runningLike({ id: ID, live: { running_command: null } }), running, asking];
    const lines = shown(sessions);
    expect(lines[0]).toBe("codex_broker  1 waits for you, 2 running, 1 queued, 1 idle  (q leaves)");
    const order = lines.flatMap((line) => /20260102-115(\d)00-000 {2}/.exec(line)?.[1] ?? []);
    expect(order).toEqual(["1", "9", "2", "3", "4"]);
    expect(shown(sessions.toReversed())).toEqual(lines);
  });

  test("of several workspaces, each says where it was started", () => {
    const far = watchedLike({ id: A, state: { started_in: "/far" } });
    expect(shown([idle, far]).slice(1)).toEqual([
      "  20260102-115400-000  done  1m  /work",
      "  20260102-115100-000  done  1m  /far",
    ]);
  });

  test("without any, it says how to start one", () => {
    expect(shown([])).toEqual(["codex_broker  no session yet: codex_broker start  (q leaves)"]);
    expect(shown(null)).toEqual(["codex_broker  looking for sessions  (q leaves)"]);
  });

  test.each([
    { rows: 13, plan: ["[x] Look around", "[>] Paint it", "[ ] Let it dry"], option: "  1. Red: as Red is" },
    { rows: 11, plan: ["plan 1/3: Paint it"], option: "  1. Red: as Red is" },
    { rows: 10, plan: [], option: "  1. Red: as Red is" },
    { rows: 7, plan: [], option: "asks: Which? [Red | Blue]" },
  ])("on $rows rows each is told in as many lines as there is room for", ({ rows, plan, option }) => {
    const lines = shown([asking, running, queued, idle], { rows });
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(lines.filter((line) => /^[!>\- ] 2026/.test(line))).toHaveLength(4);
    const told = lines.map((line) => line.slice(4));
    expect(told.filter((line) => /^(\[.\]|plan)/.test(line))).toEqual(plan);
    expect(told).toContain(option);
  });

  test("what there is no room for is counted, and a question is not what goes", () => {
    const many = Array.from({ length: 30 }, (_, index) => watchedLike({ id: `2026-${index + 10}` }));
    const lines = shown([...many, asking], { rows: 10 });
    expect(lines).toHaveLength(10);
    expect(lines[2]).toBe("    asks: Which? [Red | Blue]");
    expect(lines.at(-1)).toBe("  and 25 more: no room");
    expect(lines.filter((line) => line.startsWith("  2026-"))).toHaveLength(5);
  });

  test("nothing is ever wider or higher than the terminal, whatever the characters", () => {
    const text = "漢字 👩‍👩‍👧‍👦 é́́ ｗｉｄｅ 🇩🇪 한국어 ไทย नमस्ते ☃️ 1️⃣ ".repeat(8);
    const sessions = [
      runningLike({
        state: { name: text },
        live: { running_command: text, plan: [{ step: text, status: "pending" }] },
      }),
      watchedLike({ id: A, state: asks([questionLike("q", text, [text, text])]) }),
    ];
    for (let columns = 1; columns <= 80; columns++)
      for (const rows of [1, 2, 3, 6, 12, 24]) {
        const lines = shown(sessions, { columns, rows });
        expect(lines.length).toBeLessThanOrEqual(rows);
        expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(columns);
      }
  });
});
