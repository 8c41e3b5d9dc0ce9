import { describe, expect, test } from "vitest";
import type { PlanTarget } from "../../../src/ask/model/plan.ts";
import { PLAIN } from "../../../src/broker/store/plain-options.ts";
import { planFor, sessionOptions } from "../../../src/broker/store/session-options.ts";
import { OPTIONS, PLAN } from "../../support/samples/session.ts";

const NEW: PlanTarget = { type: "new" };
const OPEN = { mode: "workspace-write", network: true, addDirs: ["/beside"] } as const;

test("a message has the session's settings, and its own over them", () => {
  const options = { ...OPTIONS, plan: { ...PLAN, model: "m1", effort: "low", files: ["a"] } };
  expect(planFor(options, "Begin", PLAIN, NEW)).toMatchObject({
    prompt: "Begin",
    model: "m1",
    effort: "low",
    files: ["a"],
  });
  const own = { ...PLAIN, model: "m2", effort: "high", files: ["b"], images: ["/i.png"] };
  expect(planFor(options, "Begin", own, NEW)).toMatchObject({
    ...{ model: "m2", effort: "high", files: ["a", "b"], images: ["/i.png"] },
  });
  const asking = { ...OPTIONS, plan: { ...PLAN, approvals: "on-request" } } as const;
  expect(planFor(asking, "x", PLAIN, NEW).approvals).toBe("on-request");
});

const CLOSED = { network: false, addDirs: [] } as const;
const WIDE = { network: true, addDirs: ["/beside"] } as const;
const FULL = { mode: "danger-full-access", ...CLOSED } as const;

describe("the sandbox of a message", () => {
  test.each([
    { name: "the session's mode, and nothing beyond it", session: OPEN, own: {}, sandbox: { ...OPEN, ...CLOSED } },
    { name: "narrowed", session: OPEN, own: { sandboxMode: "read-only" }, sandbox: { mode: "read-only", ...CLOSED } },
    {
      name: "opened by its own flags",
      session: { ...OPEN, ...CLOSED },
      own: WIDE,
      sandbox: { mode: OPEN.mode, ...WIDE },
    },
    {
      name: "not full access because the session was",
      session: FULL,
      own: {},
      sandbox: { mode: "workspace-write", ...CLOSED },
    },
    { name: "full access by its own flag", session: OPEN, own: { sandboxMode: FULL.mode }, sandbox: FULL },
    { name: "left to the thread", session: { ...OPEN, mode: null }, own: {}, sandbox: { mode: null, ...CLOSED } },
  ] as const)("is $name", ({ session, own, sandbox }) => {
    const options = { ...OPTIONS, plan: { ...PLAN, sandbox: session } };
    const message = { ...PLAIN, ...own, addDirs: "addDirs" in own ? [...own.addDirs] : [] };
    expect(planFor(options, "x", message, NEW).sandbox).toEqual(sandbox);
  });
});

test("no folder is opened by an override of the configuration that a record holds", () => {
  const config = ['model_verbosity="low"', 'sandbox_workspace_write.writable_roots=["/"]', "sandbox_mode=x"];
  expect(planFor({ ...OPTIONS, plan: { ...PLAN, config } }, "x", PLAIN, NEW).config).toEqual([config[0]]);
});

test("the options of a session that an earlier version began are read", () => {
  const { plan, ...beside } = OPTIONS;
  const { limits: _, ...flat } = plan;
  const former = { ...beside, ...flat, timeoutSeconds: 0, idleTimeoutSeconds: 2, retryWindowSeconds: 3 };
  const limits = { totalMs: 0, idleMs: 2000, retryWindowMs: 3000 };
  expect(sessionOptions.parse(former)).toEqual({ ...OPTIONS, plan: { ...PLAN, limits } });
});

test("the options of a session come back from its journal as they went in", () => {
  const options = {
    ...OPTIONS,
    plan: { ...PLAN, outputSchema: { type: "object" } },
    from: { type: "fork", threadId: "t" },
  } as const;
  expect(sessionOptions.parse(JSON.parse(JSON.stringify(options)))).toEqual(options);
});
