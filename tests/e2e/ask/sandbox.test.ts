import { access, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ask, sessionFlags, startAsk } from "../../support/ask.ts";
import { git } from "../../support/git/git.ts";
import { canManage, managedCodex } from "../../support/machine/managed-codex.ts";
import { escalate, run, say } from "../../support/model/replies.ts";
import { toolOutputs } from "../../support/model/wire.ts";
import { inMatrix, withCodex } from "../../support/suite.ts";
import { NEWEST } from "../../support/versions.ts";
import { createWorld } from "../../support/world.ts";

describe("--read-only", () => {
  withCodex("rest", (version) => {
    test("stops writes that came before it and those that come after are free again", async () => {
      const write = (name: string) => run(`sleep 0.2; echo x > ${name}`);
      await using world = await createWorld({
        version,
        script: [write("a"), say("1"), write("b"), say("2"), write("c"), say("3")],
      });
      const first = await ask(world, ["Write"]);
      const second = await ask(world, [...sessionFlags(first), "--read-only", "Look"]);
      expect(second.keys).toMatchObject({ status: "completed", changes: "read_only" });
      expect(second.report).toContain("None: the sandbox was read-only, as Codex itself resolved it.");
      // bash says 1, dash 2: it is the user's own shell.
      expect(second.report).toMatch(/`sleep 0\.2; echo x > b`: refused by the sandbox, exit [12]/);
      expect(toolOutputs(world.model.requests[3]).at(-1)).toContain("Read-only file system");
      const third = await ask(world, [...sessionFlags(first), "Write again"]);
      expect(third.keys).toMatchObject({ status: "completed", changes: "listed", files_changed: "1" });
      expect(await Promise.all(["a", "b", "c"].map((name) => exists(world.workspace, name)))).toEqual([
        true,
        false,
        true,
      ]);
    });
  });

  test("fails loudly when the work tree changes while commands run, and says what changed", async () => {
    await using world = await createWorld({ script: [run("sleep 2; true"), say("Looked.")] });
    await using asking = startAsk(world, ["--read-only", "Look"]);
    await asking.stderrLine("> sleep 2");
    await writeFile(join(world.workspace, "escaped.txt"), "x");
    const asked = await asking.done;
    expect(asked).toMatchObject({ code: 1, keys: { status: "failed", error_kind: "sandbox", changes: "listed" } });
    expect(asked.report).toContain("- added: `escaped.txt`");
    expect(asked.report).toContain("Looked.");
  });

  inMatrix(() => {
    test("in the first turn is the session's own: it stays read-only until it is told otherwise", async () => {
      await using world = await createWorld({ script: () => say("Well.") });
      const first = await ask(world, ["--read-only", "--json", "Look"]);
      const second = await ask(world, [...sessionFlags(first), "--json", "Look again"]);
      const third = await ask(world, [...sessionFlags(first), "--sandbox", "workspace-write", "--json", "Now write"]);
      const modes = [first, second, third].map(({ json }) => json?.receipt["sandbox"]);
      expect(modes).toEqual(["read-only", "read-only", "workspace-write"]);
      const network = await ask(world, [...sessionFlags(first), "--network", "And load it"]);
      expect(network).toMatchObject({ code: 1, stdout: "" });
      expect(network.stderr).toContain("--network needs workspace-write");
    });
  });
});

describe("workspace-write", () => {
  test("writes the workspace and the temporary folder; not the home, not .git", async () => {
    const attempts = ["touch here", 'touch "$TMPDIR/there"', 'touch "$HOME/home"', "git commit --allow-empty -m mine"];
    await using world = await createWorld({ script: [run(...attempts.map((line) => `${line}; true`)), say("Done.")] });
    const head = await git(world.workspace, "rev-parse", "HEAD");
    const asked = await ask(world, ["--json", "Try"]);
    expect(asked.json).toMatchObject({ status: "completed", changes: [{ path: "here" }] });
    expect(await exists(world.temp, "there")).toBe(true);
    expect(await exists(world.home, "home")).toBe(false);
    expect(await git(world.workspace, "rev-parse", "HEAD")).toBe(head);
  });

  inMatrix(() => {
    test.each([
      { name: "closed", flags: [], reached: "no" },
      { name: "open with --network", flags: ["--network"], reached: "yes" },
    ])("the network is $name", async ({ flags, reached }) => {
      let port = 0;
      const script = () =>
        world.model.requests.length === 1 ? run(`${knock(port)} && echo yes || echo no`) : say("Done.");
      await using world = await createWorld({ script });
      port = world.model.port;
      const asked = await ask(world, [...flags, "--json", "Load it"]);
      expect(asked.json).toMatchObject({ status: "completed", receipt: { network: flags.length > 0 } });
      expect(toolOutputs(world.model.requests[1])[0]).toMatch(new RegExp(`\n${reached}\n$`));
      // A follow-up has what its own flags say.
      const next = await ask(world, [...sessionFlags(asked), "--json", "Go on"]);
      expect(next.json?.receipt["network"]).toBe(false);
    });
  });

  test("--add-dir makes a folder writable, for the turn that it is said for", async () => {
    await using world = await createWorld({ script: (_, index) => (index % 2 === 0 ? run(TRY) : say("Done.")) });
    const beside = join(world.home, "beside");
    await mkdir(beside);
    await symlink(beside, join(world.workspace, "link"));
    const first = await ask(world, ["--json", "Begin"]);
    const once = await ask(world, [...sessionFlags(first), "--add-dir", "link", "--json", "With it"]);
    const again = await ask(world, [...sessionFlags(first), "--json", "Without it"]);
    expect([first, once, again].map(({ json }) => json?.receipt["writable_roots"])).toEqual([[], [beside], []]);
    const outcomes = [first, once, again].map(({ json }) => json?.commands[0]?.["status"]);
    expect(outcomes).toEqual(["refused", "completed", "refused"]);
  });

  inMatrix(() => {
    test.each([".", "inside", "/tmp"])(
      "--add-dir %s adds what Codex has anyway, or more, and is not a fault",
      async (folder) => {
        await using world = await createWorld({ script: [say("Well.")], files: { "inside/a": "" } });
        expect(await ask(world, ["--add-dir", folder, "Begin"])).toMatchObject({ code: 0 });
      },
    );
  });
});

test("danger-full-access writes anywhere and has the network", async () => {
  let port = 0;
  const script = () => (world.model.requests.length === 1 ? run(`touch "$HOME/out"; ${knock(port)}`) : say("Done."));
  await using world = await createWorld({ script });
  port = world.model.port;
  const asked = await ask(world, ["--sandbox", "danger-full-access", "--json", "Go"]);
  expect(asked.json).toMatchObject({ status: "completed", receipt: { sandbox: "danger-full-access", network: true } });
  expect(asked.json?.commands).toMatchObject([{ status: "completed" }]);
  expect(await exists(world.home, "out")).toBe(true);
});

withCodex("rest", (version) => {
  test("a command that wants out of the sandbox is turned down and told, and nothing hangs", async () => {
    const script = [escalate('touch "$HOME/out"', "I need it"), say("Then not.")];
    await using world = await createWorld({ version, script });
    const asked = await ask(world, ["--json", "Try"]);
    expect(asked.json).toMatchObject({
      status: "completed",
      declined: [{ what: 'run outside the sandbox: touch "$HOME/out"' }],
      commands: [],
    });
    expect(asked.report).toContain("## Declined requests");
    expect(await exists(world.home, "out")).toBe(false);
  });
});

describe("a sandbox other than the one that was asked for fails the run", () => {
  withCodex("rest", (version) => {
    test.runIf(canManage).each([
      { rule: 'allowed_sandbox_modes = ["read-only"]', kind: "sandbox", named: "sandbox_mode" },
      { rule: 'allowed_approval_policies = ["on-request"]', kind: "protocol", named: "approval_policy" },
    ])("where an administrator's rule says so: $rule", async ({ rule, kind, named }) => {
      await using world = await createWorld({ version, script: [say("Never.")] });
      const env = { ASK_CODEX_COMMAND: await managedCodex(world, version, `${rule}\n`) };
      const asked = await ask(world, ["Write"], { env });
      expect(asked).toMatchObject({ code: 1, keys: { status: "failed", error_kind: kind } });
      expect(asked.stderr).toContain(named);
      expect(asked.stderr).toContain("/etc/codex/requirements.toml");
      expect(world.model.requests).toEqual([]);
    });
  });

  inMatrix(() => {
    test.runIf(canManage)("and a rule that it keeps to does not", async () => {
      await using world = await createWorld({ script: [say("Well.")] });
      const rule = 'allowed_sandbox_modes = ["read-only"]\n';
      const env = { ASK_CODEX_COMMAND: await managedCodex(world, NEWEST, rule) };
      expect(await ask(world, ["--read-only", "Look"], { env })).toMatchObject({ code: 0 });
    });
  });
});

const TRY = 'touch "$HOME/beside/file"';

/** Opens a connection, in nothing but bash. */
function knock(port: number): string {
  return `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}' 2>&1`;
}

async function exists(...path: readonly string[]): Promise<boolean> {
  return access(join(...path)).then(
    () => true,
    () => false,
  );
}
