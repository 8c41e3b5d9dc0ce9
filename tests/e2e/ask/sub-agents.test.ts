import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ask, sessionFlags } from "../../support/ask.ts";
import { withAgent } from "../../support/model/agents.ts";
import { run, say, silence } from "../../support/model/replies.ts";
import { inMatrix, withCodex } from "../../support/suite.ts";
import { OLDEST } from "../../support/versions.ts";
import { createWorld } from "../../support/world.ts";

const parent = [say("A helper is at it.")];

interface Agents {
  readonly agents: readonly { readonly thread_id: string }[];
}

withCodex("rest", (version) => {
  // The oldest finds the tool by a search of the provider's alone.
  const whereOffered = test.skipIf(version === OLDEST);

  whereOffered("a run ends when its sub-agents have ended, and has their commands, files and tokens", async () => {
    const child = [run("sleep 1; echo c > part.txt"), say("Part done.")];
    await using world = await createWorld({ version, script: withAgent({ parent, child }) });
    const asked = await ask(world, ["--json", "Do it with a helper"]);
    expect(asked.json).toMatchObject({
      status: "completed",
      answer: "A helper is at it.",
      changes: [{ path: "part.txt" }],
      commands: [{ command: "sleep 1; echo c > part.txt", exit_code: 0 }],
      agents: [{ status: "completed", total_tokens: 220, last_words: "Part done." }],
      usage: { total_tokens: 440 },
    });
    expect(asked.json?.commands[0]?.["agent"]).toBe((asked.json as unknown as Agents).agents[0]?.thread_id);
    expect(await readFile(join(world.workspace, "part.txt"), "utf8")).toBe("c\n");
    const report = await readFile(asked.json?.output_path ?? "", "utf8");
    expect(report).toMatch(
      /## Sub-agents\n\n- .*: completed, 220 tokens\. It said: Part done\.\n {2}- `sleep 1; echo c > part\.txt`: exit 0/,
    );
  });

  whereOffered("a sub-agent has the sandbox of the run", async () => {
    const child = [run("sleep 0.2; echo c > part.txt"), say("Part done.")];
    await using world = await createWorld({ version, script: withAgent({ parent: [...parent, say("Fine.")], child }) });
    const asked = await ask(world, ["--read-only", "Look with a helper"]);
    expect(asked.keys).toMatchObject({ status: "completed", changes: "read_only" });
    // bash says 1, dash 2: it is the user's own shell.
    expect(asked.report).toMatch(/`sleep 0\.2; echo c > part\.txt`: refused by the sandbox, exit [12]/);
    expect(await ask(world, [...sessionFlags(asked), "And then?"])).toMatchObject({ code: 0 });
  });
});

test("a sub-agent that works on beyond the time limit is ended and named, and writes nothing any more", async () => {
  await using world = await createWorld({
    script: withAgent({ parent, child: [run("sleep 30; echo c > part.txt")] }),
  });
  const asked = await ask(world, ["--timeout", "1", "Do it with a helper"]);
  expect(asked).toMatchObject({ code: 2, keys: { status: "timeout", error_kind: "total_timeout" } });
  expect(asked.report).toContain("**1 sub-agent(s) still worked when the run ended, and were stopped.**");
  expect(asked.report).toContain("A helper is at it.");
  expect(await world.processes()).toEqual([]);
});

inMatrix(() => {
  test("a turn that fails does not wait for its sub-agents", async () => {
    await using world = await createWorld({ script: withAgent({ parent: [say(" ")], child: [silence()] }) });
    const asked = await ask(world, ["--timeout", "2", "Do it with a helper"]);
    expect(asked.report).toContain("**1 sub-agent(s) still worked");
  });
});
