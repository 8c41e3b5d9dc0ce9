import { expect, test } from "vitest";
import {
  AskCodexError,
  asRefused,
  type CancelSignal,
  ERROR_KINDS,
  EXIT_CODES,
  exitCodeOf,
  isErrno,
  messageOf,
  type Status,
  UsageError,
  unreachable,
} from "../src/errors.ts";

test.each<{ status: Status; code: number }>([
  { status: "completed", code: 0 },
  { status: "failed", code: 1 },
  { status: "validation_failed", code: 1 },
  { status: "timeout", code: 2 },
  { status: "fatal", code: 3 },
  { status: "pending_question", code: 4 },
])("a run that ends $status exits $code, whatever signal came too late", ({ status, code }) => {
  expect(exitCodeOf(status)).toBe(code);
  expect(exitCodeOf(status, "SIGTERM")).toBe(code);
});

test.each([
  { code: "ENOSPC", kind: "system" },
  { code: "EDQUOT", kind: "system" },
  { code: "EMFILE", kind: "system" },
  { code: "ENOMEM", kind: "system" },
  { code: "EROFS", kind: "usage" },
  { code: "EACCES", kind: "usage" },
  { code: "ENOTDIR", kind: "usage" },
])("a place that cannot be used for $code is an error of kind $kind", ({ code, kind }) => {
  expect(asRefused(Object.assign(new Error("no"), { code }), "It cannot be written.")).toMatchObject({ kind });
});

test.each<{ signal: CancelSignal | null; code: number }>([
  { signal: "SIGINT", code: 130 },
  { signal: "SIGTERM", code: 143 },
  { signal: "SIGHUP", code: 129 },
  { signal: null, code: 130 },
])("a run cancelled by $signal exits $code", ({ signal, code }) => {
  expect(exitCodeOf("cancelled", signal)).toBe(code);
});

test("exactly the kinds that mean Codex, its executor, a queue or other machines cannot work now are fatal", () => {
  const fatal = Object.entries(ERROR_KINDS).flatMap(([kind, { status }]) => (status === "fatal" ? [kind] : []));
  expect(fatal.sort()).toEqual(
    [
      ["auth", "usage_limit", "rate_limit", "network", "overloaded", "model_unavailable"],
      ["codex_missing", "codex_incompatible", "config"],
      ["claude_missing", "claude_incompatible", "queue", "machine_unreachable"],
    ]
      .flat()
      .sort(),
  );
});

test("no error kind ends in success, and each one says what to do next", () => {
  for (const { status, next } of Object.values(ERROR_KINDS)) {
    expect(EXIT_CODES[status]).toBeGreaterThan(0);
    expect(next).toMatch(/\S/);
  }
});

test("an error keeps its cause and takes the next step of its kind unless it has a better one", () => {
  const cause = new Error("spawn ENOENT");
  const plain = new AskCodexError("codex_missing", "no codex", { cause });
  expect(plain).toMatchObject({ name: "AskCodexError", kind: "codex_missing", resetsAt: null, cause });
  expect(plain.hint).toBe(ERROR_KINDS.codex_missing.next);
  expect(new AskCodexError("usage_limit", "spent", { hint: "wait", resetsAt: 1_795_250_000 })).toMatchObject({
    hint: "wait",
    resetsAt: 1_795_250_000,
  });
});

test("bad input is an error of kind usage, with a name of its own", () => {
  expect(new UsageError("no task", "give one")).toMatchObject({ name: "UsageError", kind: "usage", hint: "give one" });
  expect(new UsageError("no task").hint).toBe(ERROR_KINDS.usage.next);
});

test.each([
  { name: "one of the codes", error: Object.assign(new Error(), { code: "ESRCH" }), is: true },
  { name: "another code", error: Object.assign(new Error(), { code: "EPERM" }), is: false },
  { name: "no code", error: new Error("ENOENT"), is: false },
  { name: "no error", error: { code: "ENOENT" }, is: false },
  { name: "nothing", error: undefined, is: false },
])("a system error is known by its code: $name", ({ error, is }) => {
  expect(isErrno(error, "ENOENT", "ESRCH")).toBe(is);
});

test.each([
  { name: "an error", thrown: new Error("lost"), words: "lost" },
  { name: "a string", thrown: "lost", words: "lost" },
  { name: "nothing", thrown: undefined, words: "undefined" },
])("whatever was thrown has words: $name", ({ thrown, words }) => {
  expect(messageOf(thrown)).toBe(words);
});

test("a variant that the compiler ruled out is not passed over in silence", () => {
  expect(() => unreachable({ type: "surprise" } as never)).toThrow("surprise");
});
