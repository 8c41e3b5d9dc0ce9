import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { childEnvironment, depthOf } from "../../src/process/environment.ts";
import { REPOSITORY_VARIABLES } from "../../src/process/git-variables.ts";

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

test.each([...REPOSITORY_VARIABLES])(
  "%s, by which a hook points git elsewhere, is not handed on unless it is kept",
  (name) => {
    expect(childEnvironment({ [name]: "x" }, OPEN)).not.toHaveProperty(name);
    expect(childEnvironment({ [name]: "x" }, CLEAN)).not.toHaveProperty(name);
    expect(childEnvironment({ [name]: "x" }, { clean: false, keep: [name] })).toHaveProperty(name, "x");
  },
);

test("every variable that this machine's git calls local to a repository is known", () => {
  const names = execFileSync("git", ["rev-parse", "--local-env-vars"], { encoding: "utf8" }).trim().split("\n");
  // Its value decides: see the next test.
  expect(names.filter((name) => !REPOSITORY_VARIABLES.has(name) && name !== "GIT_CONFIG_COUNT")).toEqual([]);
});

test.each([
  { name: "the user's own settings stay", key: "safe.directory", value: "*", left: 3 },
  { name: "one that names a work tree goes, and its company with it", key: "core.worktree", value: "/other", left: 0 },
])("of git's settings in the environment $name", ({ key, value, left }) => {
  const caller = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: key, GIT_CONFIG_VALUE_0: value };
  expect(Object.keys(childEnvironment(caller, OPEN)).filter((name) => name.startsWith("GIT_"))).toHaveLength(left);
});

test("the date of a commit that is being made is not a later one's; the user's own is", () => {
  const date = { GIT_AUTHOR_DATE: "@1 +0000", GIT_AUTHOR_NAME: "me" };
  expect(childEnvironment({ ...date, GIT_INDEX_FILE: "x" }, OPEN)).toEqual({
    GIT_AUTHOR_NAME: "me",
    ASK_CODEX_DEPTH: "1",
  });
  expect(childEnvironment(date, OPEN)).toHaveProperty("GIT_AUTHOR_DATE");
});
