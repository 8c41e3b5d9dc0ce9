import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { deliveries } from "../../src/broker/socket/protocol.ts";
import { parseSessionEvent } from "../../src/broker/store/session-event.ts";
import { SOCKET, sessionPaths } from "../../src/broker/store/session-paths.ts";
import { RUN_STATUSES, SESSION_STATUSES } from "../../src/broker/store/statuses.ts";
import { sessionText } from "../../src/cli/output/session-text.ts";
import { chapterOf, constant, keysOf, statusesByCode, textOf } from "../support/documents/documents.ts";
import { inWords, optionsOf } from "../support/documents/flags.ts";
import { codeIn, headingsIn, namesUnder, partOf, rowsUnder, tablesIn } from "../support/documents/markdown.ts";
import { broker, commandOf, task } from "../support/documents/programs.ts";
import { fullSession, fullState, payloads } from "../support/samples/sessions.ts";

const invocation = chapterOf("broker-invocation");
const recovery = chapterOf("failure-recovery");
const sessions = chapterOf("session-management");
const names = Object.keys(broker);

// Every command has them; they are told once.
const COMMON = ["-V, --version", "-h, --help"];

describe("the commands of codex_broker", () => {
  test("each one has its part, in the order of --help", () => {
    expect(headingsIn(invocation, 3)).toEqual(names);
  });

  test.each(names)("the usage of %s names its arguments", (name) => {
    const usage = codeIn(partOf(invocation, name))[0] ?? "";
    const typed = commandOf(broker, name).make().usage().replace("[options]", "").trim();
    expect(usage).toBe([name, typed].join(" ").trim());
  });

  test.each(names)("%s has the flags that are told, with their defaults", (name) => {
    const part = partOf(invocation, name);
    const own = rowsUnder(part, "Flag").map(([flag, value]) => [flag, value]);
    const like = rowsUnder(part, "As in `ask_codex`").flatMap(([, flags = ""]) => codeIn(flags));
    const options = optionsOf(commandOf(broker, name).make()).filter(({ flags }) => !COMMON.includes(flags));
    const real = options.map(({ flags, defaultValue }) => [`\`${flags}\``, inWords(defaultValue)]);
    const ownReal = real.filter(([flags]) => !like.includes(String(flags).slice(1, -1)));
    expect(Object.fromEntries(own)).toEqual(Object.fromEntries(ownReal));
    expect([...own.map(([flag]) => flag), ...like.map((flag) => `\`${flag}\``)].sort()).toEqual(
      real.map(([flag]) => flag).sort(),
    );
  });

  test("what is told to be as in ask_codex is", () => {
    const ofAsk = new Map(optionsOf(task.make()).map((option) => [option.flags, option]));
    for (const name of names) {
      const ofName = new Map(optionsOf(commandOf(broker, name).make()).map((option) => [option.flags, option]));
      const like = rowsUnder(partOf(invocation, name), "As in `ask_codex`").flatMap(([, flags = ""]) => codeIn(flags));
      for (const flag of like) expect(ofName.get(flag)?.defaultValue).toEqual(ofAsk.get(flag)?.defaultValue);
    }
  });

  test("the flags of every command are told once", () => {
    const table = tablesIn(invocation).find(({ heading }) => heading === "Commands");
    expect(table?.rows.map(([flag]) => flag)).toEqual(COMMON.map((flag) => `\`${flag}\``));
  });
});

describe("what a session says", () => {
  test("every key of status and wait is told, in its order", () => {
    // Two requests are open: the questions that an answer closed with are told only without them.
    const printed = sessionText(fullSession).match(/^\w+(?==)/gm) ?? [];
    const told = namesUnder(partOf(invocation, "status and wait"), "Key");
    expect([...told].sort()).toEqual([...new Set(printed)].sort());
    expect(told.slice(0, -2)).toEqual(printed.slice(0, told.length - 2));
  });

  test("every word for a session, for its last run and for a message is told, and no other", () => {
    expect(namesUnder(invocation, "`status=`")).toEqual(SESSION_STATUSES);
    expect(namesUnder(invocation, "`last_run_status=`")).toEqual(RUN_STATUSES);
    const delivered = [...deliveries.shape.delivered.options, "approved", "denied"];
    expect(namesUnder(invocation, "`delivered=`")).toEqual(delivered);
  });

  test("every exit code of wait is told, and no other", () => {
    const told = rowsUnder(invocation, "Code").map(([code]) => code);
    // 5 is a handoff's, and none runs in a session.
    const codes = Object.keys(statusesByCode()).filter((code) => code !== "5");
    expect([...told].sort()).toEqual(codes.sort());
  });
});

describe("what a session leaves", () => {
  test("every field of state.json is told, in its order", () => {
    const rows = rowsUnder(partOf(invocation, "state.json"), "Field");
    expect(rows.flatMap(([fields = ""]) => codeIn(fields))).toEqual(Object.keys(fullState));
    const requests = rows.find(([field]) => field === "`open_requests`")?.[1] ?? "";
    const keys = keysOf({ open: fullState.open_requests.map((open) => ({ ...open, answers: "" })).slice(0, 1) });
    const inner = keys.flatMap((key) => key.split(".").at(-1)?.replace("[]", "") ?? []);
    expect(codeIn(requests)).toEqual(expect.arrayContaining(inner));
  });

  test("every event of the journal is told with its keys, in their order", () => {
    const told = rowsUnder(invocation, "Event").map(([event = "", payload = ""]) => [
      codeIn(event)[0],
      codeIn(payload),
    ]);
    expect(told).toEqual(Object.entries(payloads).map(([type, payload]) => [type, Object.keys(payload)]));
  });

  test.each(Object.entries(payloads))(
    "the program reads the %s of this test, and nothing of it is unknown",
    (type, payload) => {
      const event = { timestamp: "2026-01-02T03:04:05.000Z", type, payload };
      expect(parseSessionEvent(JSON.stringify(event))).toEqual(event);
    },
  );

  test("every file of a session is told", () => {
    const { folder: _, ...paths } = sessionPaths("session");
    const files = [...Object.values(paths).map((path) => basename(path)), SOCKET];
    expect([...namesUnder(invocation, "File")].sort()).toEqual([...files].sort());
  });
});

test.each([
  {
    what: "how long a worker has to answer",
    text: recovery,
    told: /Commands give a worker (\d+) s/,
    value: constant("src/broker/socket/client.ts", "ANSWER_LIMIT_MS") / 1000,
  },
  {
    what: "the lines of the activity log",
    text: invocation,
    told: /the last (\d+) lines of the activity log/,
    value: constant("src/cli/broker/logs.ts", "LAST_LINES"),
  },
  {
    what: "the lines of progress",
    text: invocation,
    told: /the last (\d+) lines of progress, if/,
    value: constant("src/broker/store/session-log.ts", "RECENT_LINES"),
  },
  { what: "the slice of wait", text: sessions, told: /`wait` takes (\d+) s/, value: defaultOf("wait", "--timeout") },
  { what: "the linger", text: sessions, told: /keeps Codex warm for (\d+) s/, value: defaultOf("start", "--linger") },
  {
    what: "the linger",
    text: textOf("README.md"),
    told: /keeps Codex warm for (\d+) s/,
    value: defaultOf("start", "--linger"),
  },
  {
    what: "the time for an answer, in hours",
    text: sessions,
    told: /for (\d+) hours \(`--answer-timeout`\)/,
    value: defaultOf("start", "--answer-timeout") / 3600,
  },
])("$what is told as it is: $value", ({ text, told, value }) => {
  expect(told.exec(text)?.[1]).toBe(String(value));
});

function defaultOf(name: string, flag: string): number {
  return optionsOf(commandOf(broker, name).make()).find(({ long }) => long === flag)?.defaultValue as number;
}
