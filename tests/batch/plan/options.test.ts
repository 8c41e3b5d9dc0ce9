import { expect, test } from "vitest";
import { type BatchOptions, narrowed } from "../../../src/batch/plan/options.ts";
import { secretsAmong } from "../../../src/batch/plan/secrets.ts";

const OPTIONS: BatchOptions = {
  parallel: 3,
  worktrees: true,
  merge: "branch",
  check: null,
  setup: null,
  copies: [],
  failFast: false,
  machines: [],
  maxTokens: null,
};

test.each([
  {
    plan: { parallel: 2, max_tokens: 10, fail_fast: true, merge: "none" as const },
    changed: { parallel: 2, maxTokens: 10, failFast: true, merge: "none" },
  },
  { plan: { parallel: 9, merge: "apply" as const, fail_fast: false }, changed: {} },
  { plan: {}, changed: {} },
])("a plan can narrow and never widen: $plan", ({ plan, changed }) => {
  expect(narrowed(OPTIONS, plan)).toEqual({ ...OPTIONS, ...changed });
});

test("the lower limit of tokens counts", () => {
  expect(narrowed({ ...OPTIONS, maxTokens: 5 }, { max_tokens: 7 }).maxTokens).toBe(5);
});

test("what looks as if it held secrets is known by its name, wherever it lies", () => {
  const secret = [
    ".env",
    ".env.local",
    "apps/web/.env.production",
    "certs/server.pem",
    ".npmrc",
    ".ssh",
    "deploy/id_ed25519",
    "config/credentials.json",
  ];
  expect(secretsAmong([...secret, "node_modules", "environment.ts", ".venv", "src/key.ts", "secretary.ts"])).toEqual(
    secret,
  );
});
