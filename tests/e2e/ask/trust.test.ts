import { access, appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask, sessionFlags } from "../../support/ask.ts";
import { calls, say } from "../../support/model/replies.ts";
import { toolOutputs } from "../../support/model/wire.ts";
import { ROOT } from "../../support/paths.ts";
import { inMatrix, withCases, withCodex } from "../../support/suite.ts";
import { createWorld, type World } from "../../support/world.ts";

withCodex("rest", (version) => {
  describe("a repository that names a server to start", () => {
    test("is not trusted, in a new session, a resumed one or a fork, and the user's configuration stays as it was", async () => {
      await using world = await hostileWorld(version);
      const before = await readFile(configOf(world));
      const first = await ask(world, ["Write"]);
      const later = [
        await ask(world, ["--read-only", "Look"]),
        await ask(world, [...sessionFlags(first), "Go on"]),
        await ask(world, [...sessionFlags(first), "--sandbox", "danger-full-access", "Go on"], { cwd: world.home }),
        await ask(world, [...sessionFlags(first), "--fork", "Branch off"]),
        await ask(world, [
          ...sessionFlags(await ask(world, ["Begin elsewhere"], { cwd: world.home })),
          "-w",
          world.workspace,
          "Move",
        ]),
      ];
      expect([first, ...later].map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 0]);
      expect(await started(world)).toBe(false);
      expect(await readFile(configOf(world))).toEqual(before);
    });

    test("has its server started when the user trusts it himself", async () => {
      await using world = await hostileWorld(version);
      await appendFile(configOf(world), `[projects.${JSON.stringify(world.workspace)}]\ntrust_level = "trusted"\n`);
      expect((await ask(world, ["Write"])).code).toBe(0);
      expect(await started(world)).toBe(true);
    });
  });
});

inMatrix(() => {
  test("a trusted repository still opens no folder: that needs a flag", async () => {
    const files = { ".codex/config.toml": '[sandbox_workspace_write]\nwritable_roots = ["/opt"]\n' };
    await using world = await createWorld({ script: [say("Never."), say("Well.")], files });
    await appendFile(configOf(world), `[projects.${JSON.stringify(world.workspace)}]\ntrust_level = "trusted"\n`);
    const refused = await ask(world, ["Write"]);
    expect(refused).toMatchObject({ code: 1, keys: { status: "failed", error_kind: "sandbox" } });
    expect(refused.stderr).toContain("also /opt");
    expect(await ask(world, ["--add-dir", "/opt", "Write"])).toMatchObject({ code: 0 });
  });
});

describe("the user's own configuration counts", () => {
  const model = { name: "the model", config: 'model = "mine"', receipt: { model: "mine", effort: null } };
  const sandbox = {
    name: "not its sandbox and its approvals, which are ours to say",
    config: 'sandbox_mode = "danger-full-access"\napproval_policy = "on-request"',
    receipt: { sandbox: "workspace-write" },
  };
  const matrix = [
    { name: "the effort", config: 'model_reasoning_effort = "high"', receipt: { effort: "high" } },
    {
      name: "folders that may be written, not the network",
      config: '[sandbox_workspace_write]\nwritable_roots = ["/var/tmp/", "/opt"]\nnetwork_access = true',
      receipt: { sandbox: "workspace-write", network: false, writable_roots: ["/var/tmp", "/opt"] },
    },
    {
      name: "not its permission profile",
      config: 'default_permissions = ":danger-full-access"',
      receipt: { sandbox: "workspace-write" },
    },
  ];
  withCases<{ name: string; config: string; receipt: object }>({ change: [model, sandbox], matrix }, (cases) => {
    test.each(cases)("$name", async ({ config, receipt }) => {
      await using world = await createWorld({ script: () => say("Well."), config });
      const first = await ask(world, ["--json", "Begin"]);
      const second = await ask(world, [...sessionFlags(first), "--json", "Go on"]);
      expect([first, second].map(({ code, json }) => [code, json?.receipt])).toMatchObject([
        [0, receipt],
        [0, receipt],
      ]);
      const { model, reasoning } = world.model.requests[1]?.body ?? {};
      expect({ model, effort: reasoning?.effort ?? null }).toMatchObject({
        model: second.json?.receipt["model"],
        effort: second.json?.receipt["effort"],
      });
    });
  });

  inMatrix(() => {
    test("--config overrides it for this run", async () => {
      await using world = await createWorld({ script: () => say("Well."), config: 'model = "mine"' });
      const overrides = ["--config", 'model="other"', "--config", "model_reasoning_effort=low"];
      expect((await ask(world, [...overrides, "Begin"])).code).toBe(0);
      expect(world.model.requests[0]?.body).toMatchObject({ model: "other", reasoning: { effort: "low" } });
      const broken = await ask(world, ["--config", "model_reasoning_summary=never", "Begin"]);
      expect(broken).toMatchObject({ code: 3, keys: { status: "fatal", error_kind: "config" } });
      expect((await ask(world, ["Begin"])).code).toBe(0);
      expect(world.model.requests[1]?.body.model).toBe("mine");
    });

    test.each([
      { name: "is told no, and nothing hangs", mode: "approve", told: "the user chose decline", declined: [] },
      {
        name: "may not even be called where that needs a nod",
        mode: "prompt",
        told: "requires approval",
        declined: [{ what: "tool confirm of asker" }],
      },
    ])("a server of the user's that asks back $name", async ({ mode, told, declined }) => {
      const script = [calls({ name: "confirm", namespace: "mcp__asker", args: {} }), say("Then not.")];
      await using world = await createWorld({ script });
      await appendFile(configOf(world), `${asker(world)}default_tools_approval_mode = "${mode}"\n`);
      const asked = await ask(world, ["--json", "Ask"]);
      expect(asked).toMatchObject({ code: 0, json: { status: "completed", declined } });
      expect(asked.stderr).toContain("[codex] > asker: confirm");
      expect(toolOutputs(world.model.requests[1])).toEqual([expect.stringContaining(told)]);
    });
  });
});

/** The workspace has a `.codex` of its own, which names a server; where that is started it leaves a file in the home. */
async function hostileWorld(version: string): Promise<World> {
  const script = () => say("Well.");
  const world = await createWorld({ version, script, files: { ".codex/config.toml": "", ".codex/hooks.json": "{}" } });
  await appendFile(join(world.workspace, ".codex", "config.toml"), asker(world));
  return world;
}

function asker({ home }: World): string {
  const args = [join(ROOT, "tests", "e2e", "ask", "programs", "mcp-server.mjs"), join(home, "started")];
  return `[mcp_servers.asker]\ncommand = ${JSON.stringify(process.execPath)}\nargs = ${JSON.stringify(args)}\n`;
}

async function started({ home }: World): Promise<boolean> {
  return access(join(home, "started")).then(
    () => true,
    () => false,
  );
}

function configOf({ codexHome }: World): string {
  return join(codexHome, "config.toml");
}
