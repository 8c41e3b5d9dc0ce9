import { describe, expect, test } from "vitest";
import type { PlanTarget } from "../../../src/ask/model/plan.ts";
import { PLAIN } from "../../../src/broker/store/message-options.ts";
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

describe("the sandbox of a message", () => {
  test.each([
    { name: "the session's", session: OPEN, own: null, sandbox: OPEN },
    { name: "narrowed", session: OPEN, own: "read-only", sandbox: { mode: "read-only", network: false, addDirs: [] } },
    { name: "the same", session: OPEN, own: "workspace-write", sandbox: OPEN },
    {
      name: "opened",
      session: OPEN,
      own: "danger-full-access",
      sandbox: { mode: "danger-full-access", network: false, addDirs: [] },
    },
    {
      name: "left to the thread",
      session: { mode: null, network: true, addDirs: [] },
      own: null,
      sandbox: { mode: null, network: true, addDirs: [] },
    },
  ] as const)("is $name", ({ session, own, sandbox }) => {
    const options = { ...OPTIONS, plan: { ...PLAN, sandbox: session } };
    expect(planFor(options, "x", { ...PLAIN, sandboxMode: own }, NEW).sandbox).toEqual(sandbox);
  });
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
