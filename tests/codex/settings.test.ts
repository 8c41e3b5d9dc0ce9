import { expect, test } from "vitest";
import type { SandboxPolicy } from "../../src/codex/messages.ts";
import {
  describeSandbox,
  mismatches,
  type ResolvedSettings,
  readSandbox,
  type Sandbox,
  type TurnSettings,
  turnParams,
} from "../../src/codex/settings.ts";

const readOnly: Sandbox = { mode: "read-only", network: false, writableRoots: [] };
const writing: Sandbox = { mode: "workspace-write", network: false, writableRoots: [] };
const full: Sandbox = { mode: "danger-full-access", network: true, writableRoots: [] };
const asked: TurnSettings = { cwd: "/ws", sandbox: writing, approvals: "never", model: "m", effort: "low" };

test.each([
  { name: "read-only", sandbox: readOnly, policy: { type: "readOnly", networkAccess: false } },
  {
    name: "read-only grants no network, asked or not",
    sandbox: { ...readOnly, network: true },
    policy: { type: "readOnly", networkAccess: false },
  },
  {
    name: "workspace-write",
    sandbox: writing,
    policy: {
      type: "workspaceWrite",
      writableRoots: [],
      networkAccess: false,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: false,
    },
  },
  {
    name: "workspace-write with network and more folders",
    sandbox: { ...writing, network: true, writableRoots: ["/data"] },
    policy: {
      type: "workspaceWrite",
      writableRoots: ["/data"],
      networkAccess: true,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: false,
    },
  },
  { name: "full access", sandbox: full, policy: { type: "dangerFullAccess" } },
])("a turn states all its settings: $name", ({ sandbox, policy }) => {
  expect(turnParams({ ...asked, sandbox }, null)).toEqual({
    cwd: "/ws",
    approvalPolicy: "never",
    sandboxPolicy: policy,
    model: "m",
    effort: "low",
  });
});

test.each([
  { name: "an effort is stated", effort: "high", before: null, says: { effort: "high" } },
  { name: "an effort is stated over another one", effort: "high", before: "low", says: { effort: "high" } },
  { name: "none before and none now needs no more", effort: null, before: null, says: { effort: null } },
  {
    name: "one before and none now is taken back by the collaboration mode",
    effort: null,
    before: "high",
    says: {
      collaborationMode: {
        mode: "default",
        settings: { model: "m", reasoning_effort: null, developer_instructions: null },
      },
    },
  },
])("the effort of one turn does not stick: $name", ({ effort, before, says }) => {
  const { cwd, approvalPolicy, sandboxPolicy, model, ...rest } = turnParams({ ...asked, effort }, before);
  expect(rest).toEqual(says);
});

test.each<{ name: string; policy: SandboxPolicy; sandbox: Sandbox | null }>([
  { name: "read-only of an event", policy: { type: "readOnly", networkAccess: false }, sandbox: readOnly },
  { name: "read-only of a rollout", policy: { type: "read-only" }, sandbox: readOnly },
  {
    name: "read-only with network",
    policy: { type: "readOnly", networkAccess: true },
    sandbox: { ...readOnly, network: true },
  },
  {
    name: "workspace-write of an event",
    policy: { type: "workspaceWrite", writableRoots: ["/data"], networkAccess: true },
    sandbox: { mode: "workspace-write", network: true, writableRoots: ["/data"] },
  },
  {
    name: "workspace-write of a rollout, whose empty list is left out",
    policy: { type: "workspace-write", networkAccess: false, writableRoots: undefined },
    sandbox: writing,
  },
  {
    name: "a network in a word",
    policy: { type: "workspace-write", networkAccess: "enabled" },
    sandbox: { ...writing, network: true },
  },
  { name: "no network in a word", policy: { type: "workspace-write", networkAccess: "restricted" }, sandbox: writing },
  { name: "full access of an event", policy: { type: "dangerFullAccess" }, sandbox: full },
  { name: "full access of a rollout", policy: { type: "danger-full-access" }, sandbox: full },
  { name: "one that we never ask for", policy: { type: "externalSandbox", networkAccess: "enabled" }, sandbox: null },
])("a policy is read as what it grants: $name", ({ policy, sandbox }) => {
  expect(readSandbox(policy)).toEqual(sandbox);
});

test.each<Sandbox>([readOnly, writing, full, { mode: "workspace-write", network: true, writableRoots: ["/b", "/a"] }])(
  "what is asked for is read back as it was: $mode",
  (sandbox) => {
    const { sandboxPolicy } = JSON.parse(JSON.stringify(turnParams({ ...asked, sandbox }, null)));
    expect(readSandbox(sandboxPolicy)).toEqual(sandbox);
  },
);

const resolved: ResolvedSettings = {
  cwd: "/ws",
  sandboxPolicy: { type: "workspaceWrite", writableRoots: [], networkAccess: false },
  approvalPolicy: "never",
  model: "m",
  effort: "low",
};

test.each<{ name: string; asks?: Partial<TurnSettings>; got?: Partial<ResolvedSettings>; wrong: string[] }>([
  { name: "all as asked", wrong: [] },
  { name: "all as asked, in a rollout", got: { sandboxPolicy: { type: "workspace-write" } }, wrong: [] },
  { name: "another sandbox", got: { sandboxPolicy: { type: "dangerFullAccess" } }, wrong: ["sandbox"] },
  { name: "an unknown sandbox", got: { sandboxPolicy: { type: "externalSandbox" } }, wrong: ["sandbox"] },
  {
    name: "a network that was not asked for",
    got: { sandboxPolicy: { type: "workspaceWrite", networkAccess: true } },
    wrong: ["sandbox"],
  },
  {
    name: "a network in a read-only run",
    asks: { sandbox: readOnly },
    got: { sandboxPolicy: { type: "readOnly", networkAccess: true } },
    wrong: ["sandbox"],
  },
  {
    name: "one folder more",
    got: { sandboxPolicy: { type: "workspaceWrite", writableRoots: ["/data"] } },
    wrong: ["sandbox"],
  },
  {
    name: "the same folders in another order",
    asks: { sandbox: { ...writing, writableRoots: ["/a", "/b"] } },
    got: { sandboxPolicy: { type: "workspaceWrite", writableRoots: ["/b", "/a"] } },
    wrong: [],
  },
  { name: "another folder to work in", got: { cwd: "/elsewhere" }, wrong: ["workspace"] },
  { name: "other approvals", got: { approvalPolicy: "on-request" }, wrong: ["approvals"] },
  { name: "approvals in another form", got: { approvalPolicy: { granular: {} } }, wrong: ["approvals"] },
  { name: "another model", got: { model: "n" }, wrong: ["model"] },
  { name: "another effort", got: { effort: "high" }, wrong: ["effort"] },
  { name: "no effort where one was asked for", got: { effort: null }, wrong: ["effort"] },
  { name: "what the model's own effort came to", asks: { effort: null }, wrong: [] },
  { name: "the model's own effort, said or left out", asks: { effort: null }, got: { effort: undefined }, wrong: [] },
  { name: "two at once", got: { cwd: "/elsewhere", model: "n" }, wrong: ["workspace", "model"] },
])("what Codex resolved otherwise is named: $name", ({ asks, got, wrong }) => {
  const names = mismatches({ ...asked, ...asks }, { ...resolved, ...got }).map((sentence) => sentence.split(":")[0]);
  expect(names).toEqual(wrong);
});

test.each([
  { sandbox: readOnly, line: "read-only" },
  { sandbox: writing, line: "workspace-write" },
  {
    sandbox: { ...writing, network: true, writableRoots: ["/b", "/a"] },
    line: "workspace-write, network, also /a, also /b",
  },
  { sandbox: full, line: "danger-full-access" },
])("a sandbox is one line for people: $line", ({ sandbox, line }) => {
  expect(describeSandbox(sandbox)).toBe(line);
});
