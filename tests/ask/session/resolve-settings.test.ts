import { expect, test } from "vitest";
import type { AskPlan, SandboxRequest } from "../../../src/ask/model/plan.ts";
import { resolvePlace, resolveSettings } from "../../../src/ask/session/resolve-settings.ts";
import type { OpenThread } from "../../../src/codex/open-thread.ts";
import type { ResolvedSettings, Sandbox, TurnSettings } from "../../../src/codex/settings.ts";

const NOTHING_SAID: SandboxRequest = { mode: null, network: false, addDirs: [] };
const READ_ONLY: Sandbox = { mode: "read-only", network: false, writableRoots: [] };
const WRITE: Sandbox = { mode: "workspace-write", network: false, writableRoots: [] };
const FULL: Sandbox = { mode: "danger-full-access", network: true, writableRoots: [] };
const RESUME = { type: "resume", threadId: "t", record: null } as const;

function plan(parts: Partial<AskPlan> = {}): AskPlan {
  return {
    prompt: "task",
    files: [],
    images: [],
    target: { type: "new" },
    workspace: "/w",
    name: null,
    model: null,
    effort: null,
    sandbox: NOTHING_SAID,
    role: null,
    approvals: "never",
    outputSchema: undefined,
    config: [],
    limits: { totalMs: 0, idleMs: 0, retryWindowMs: 0 },
    checks: { expectFiles: [], verifyCommand: null, verifyRounds: 0, sandboxed: false },
    outputPath: null,
    eventsPath: null,
    ...parts,
  };
}

function known(sandbox: Sandbox, parts: Partial<TurnSettings> = {}): TurnSettings {
  return { cwd: "/before", sandbox, approvals: "never", model: "own", effort: "low", ...parts };
}

/** What Codex answers; it opens every thread read-only, by our own wish. */
function opened(usersRoots: readonly string[] = []): OpenThread {
  return {
    answer: {
      thread: { id: "t" },
      model: "codex-default",
      cwd: "/codex",
      sandbox: { type: "readOnly" },
      approvalPolicy: "never",
      reasoningEffort: "medium",
    },
    codexVersion: "0.169.0",
    login: null,
    usersRoots,
  };
}

test.each<{ name: string; said: Partial<SandboxRequest>; before: Sandbox | null; sandbox: Sandbox }>([
  { name: "nothing said is workspace-write", said: {}, before: null, sandbox: WRITE },
  { name: "a mode is taken", said: { mode: "read-only" }, before: null, sandbox: READ_ONLY },
  { name: "full access has a network", said: { mode: "danger-full-access" }, before: null, sandbox: FULL },
  { name: "network is added", said: { network: true }, before: null, sandbox: { ...WRITE, network: true } },
  { name: "the session's mode is kept", said: {}, before: READ_ONLY, sandbox: READ_ONLY },
  { name: "a mode goes before the session's", said: { mode: "read-only" }, before: FULL, sandbox: READ_ONLY },
  {
    name: "the session's network and folders are granted by no record, but by flags",
    said: { addDirs: ["/b"] },
    before: { ...WRITE, network: true, writableRoots: ["/a"] },
    sandbox: { ...WRITE, writableRoots: ["/b"] },
  },
  {
    name: "full access is granted by no record",
    said: {},
    before: FULL,
    sandbox: WRITE,
  },
  {
    name: "what another mode had is not taken over",
    said: { mode: "workspace-write" },
    before: FULL,
    sandbox: WRITE,
  },
])("of the sandbox: $name", ({ said, before, sandbox }) => {
  const request = plan({ sandbox: { ...NOTHING_SAID, ...said } });
  expect(resolvePlace(request, before && known(before)).sandbox).toEqual(sandbox);
});

test.each<{ said: Partial<SandboxRequest>; before: Sandbox | null; names: string }>([
  { said: { network: true }, before: READ_ONLY, names: "--network" },
  { said: { addDirs: ["/a"] }, before: READ_ONLY, names: "--add-dir" },
  { said: { mode: "danger-full-access", addDirs: ["/a"] }, before: null, names: "--add-dir" },
  { said: { mode: "read-only", network: true }, before: WRITE, names: "--network" },
])("$names is refused where the mode cannot have it: $said", ({ said, before, names }) => {
  const request = plan({ sandbox: { ...NOTHING_SAID, ...said } });
  expect(() => resolvePlace(request, before && known(before))).toThrow(names);
});

test("a resumed session works where it did, unless it is told otherwise", () => {
  const resumed = plan({ target: RESUME, workspace: null });
  expect(resolvePlace(resumed, known(WRITE)).cwd).toBe("/before");
  expect(resolvePlace({ ...resumed, workspace: "/w" }, known(WRITE)).cwd).toBe("/w");
  expect(resolvePlace(resumed, null).cwd).toBeNull();
  expect(resolveSettings(resumed, null, opened()).turn.cwd).toBe("/codex");
});

test("a session of which nothing is known may read only", () => {
  expect(resolvePlace(plan({ target: RESUME }), null).sandbox).toEqual(READ_ONLY);
});

test("a new session takes model and effort from Codex, and keeps them as its own", () => {
  const { own, turn } = resolveSettings(plan(), null, opened());
  expect(turn).toEqual({ cwd: "/w", sandbox: WRITE, approvals: "never", model: "codex-default", effort: "medium" });
  expect(own).toEqual(turn);
});

test("a flag holds for its turn, the session's own settings stay", () => {
  const before = known(READ_ONLY);
  const asked = plan({
    target: RESUME,
    model: "other",
    effort: "high",
    sandbox: { ...NOTHING_SAID, mode: "workspace-write" },
  });
  const { own, turn } = resolveSettings(asked, before, opened());
  expect(own).toEqual(before);
  expect(turn).toMatchObject({ model: "other", effort: "high", sandbox: WRITE });
});

test("an effort that the session had none of stays none, whatever the configuration says now", () => {
  const { turn } = resolveSettings(plan({ target: RESUME }), known(WRITE, { effort: null }), opened());
  expect(turn.effort).toBeNull();
});

test.each<{ policy: ResolvedSettings["sandboxPolicy"]; sandbox: Sandbox }>([
  { policy: { type: "workspace-write", networkAccess: "enabled" }, sandbox: WRITE },
  { policy: { type: "dangerFullAccess" }, sandbox: WRITE },
  { policy: { type: "read-only" }, sandbox: READ_ONLY },
  { policy: { type: "of-tomorrow" }, sandbox: READ_ONLY },
])("what Codex itself recorded as $policy.type is gone on with, or with less", ({ policy, sandbox }) => {
  const recorded = { cwd: "/c", sandboxPolicy: policy, approvalPolicy: "on-request", model: "m", effort: null };
  const { own, turn } = resolveSettings(plan({ target: RESUME, workspace: null }), recorded, opened());
  expect(turn).toEqual({ cwd: "/c", sandbox, approvals: "never", model: "m", effort: null });
  expect(own).toMatchObject({ cwd: "/c", model: "m" });
});

test("folders of the user's own configuration are told with the turn, and are not the session's", () => {
  const { own, turn } = resolveSettings(plan(), null, opened(["/users", "/w"]));
  expect(turn.sandbox.writableRoots).toEqual(["/users"]);
  expect(own.sandbox.writableRoots).toEqual([]);
});
