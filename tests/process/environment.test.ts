import { expect, test } from "vitest";
import { childEnvironment, depthOf } from "../../src/process/environment.ts";

const OPEN = { clean: false, keep: [] };
const CLEAN = { clean: true, keep: [] };

test.each([
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "ANTHROPIC_BASE_URL",
  "CLAUDECODE",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "CLAUDE_CODE_ENTRYPOINT",
  "CLAUDE_CONFIG_DIR",
  "AI_AGENT",
  "AWS_BEARER_TOKEN_BEDROCK",
])("Claude's own %s is not handed on, unless it is kept by name", (name) => {
  expect(childEnvironment({ [name]: "x" }, OPEN)).not.toHaveProperty(name);
  expect(childEnvironment({ [name]: "x" }, CLEAN)).not.toHaveProperty(name);
  expect(childEnvironment({ [name]: "x" }, { clean: false, keep: [name] })).toHaveProperty(name, "x");
});

test.each(["OPENAI_API_KEY", "GITHUB_TOKEN", "MY_VARIABLE", "NODE_OPTIONS", "SSH_AUTH_SOCK"])(
  "%s is handed on, and with --clean-env only when it is kept by name",
  (name) => {
    expect(childEnvironment({ [name]: "x" }, OPEN)).toHaveProperty(name, "x");
    expect(childEnvironment({ [name]: "x" }, CLEAN)).not.toHaveProperty(name);
    expect(childEnvironment({ [name]: "x" }, { clean: true, keep: [name] })).toHaveProperty(name, "x");
  },
);

test.each(["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "CODEX_HOME", "HTTPS_PROXY", "no_proxy", "SSL_CERT_FILE"])(
  "%s is handed on in any case",
  (name) => {
    expect(childEnvironment({ [name]: "x" }, CLEAN)).toHaveProperty(name, "x");
  },
);

test("a variable that is not set stays unset, an empty one stays empty", () => {
  expect(childEnvironment({ A: undefined, B: "" }, OPEN)).toEqual({ B: "", ASK_CODEX_DEPTH: "1" });
});

test.each([
  { given: undefined, depth: 0 },
  { given: "", depth: 0 },
  { given: "0", depth: 0 },
  { given: "2", depth: 2 },
  { given: "-3", depth: 0 },
  { given: "much", depth: 0 },
])("a depth of $given is $depth, and one more inside", ({ given, depth }) => {
  const caller = { ASK_CODEX_DEPTH: given };
  expect(depthOf(caller)).toBe(depth);
  expect(childEnvironment(caller, CLEAN)).toEqual({ ASK_CODEX_DEPTH: String(depth + 1) });
});
