import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { brokerIn } from "../../support/broker.ts";
import { inTerminal } from "../../support/machine/in-terminal.ts";
import { http, say } from "../../support/model/replies.ts";
import { tasksIn } from "../../support/model/wire.ts";
import { BROKER, PROGRAM } from "../../support/programs.ts";
import { createWorld } from "../../support/world.ts";

test("on a terminal sessions stand in columns with ages and short ids that commands take, and a wait ends with the answer", async () => {
  await using world = await createWorld({
    script: (request) => (tasksIn(request).at(-1) === "Fail" ? http(401) : say("All **good**.")),
  });
  await using broker = brokerIn(world);
  const id = await broker.start("--name", "bee", "Do it");
  const waited = await inTerminal(world, [BROKER, "wait"]);
  const short = id.slice(0, 19);
  expect(waited.lines).toEqual(expect.arrayContaining(["All good.", `go on    codex_broker send @bee "…"`]));
  expect(waited.raw).not.toContain("broker_id=");
  for (const columns of [40, 80, 120]) {
    for (const words of [
      [BROKER, "list"],
      [BROKER, "status"],
      [PROGRAM, "sessions", "--all"],
    ]) {
      const shown = await inTerminal(world, words, { columns });
      const rows = shown.lines.filter((line) => line !== "");
      expect(rows).toHaveLength(2);
      expect(Math.max(...rows.map((row) => stringWidth(row)))).toBeLessThanOrEqual(columns);
      expect(rows[1]).toMatch(/^✓ {2}\S+ {2}@bee /);
    }
  }
  const plain = await inTerminal(world, [BROKER, "list"], { env: { NO_COLOR: "1" } });
  expect(plain.raw).toBe(stripVTControlCharacters(plain.raw));
  expect(plain.lines[1]).toBe(`✓  ${short}  @bee  done           just now`);
  const failed = await inTerminal(world, [BROKER, "send", short, "Fail", "--wait"], { columns: 26 });
  expect(failed.code).toBe(3);
  expect(failed.lines).toEqual(expect.arrayContaining(["    $ codex login"]));
  // A command that does not fit goes on in the next line, as a shell takes it.
  expect(failed.lines.join("\n")).toContain(`    $ codex_broker send \\\n      @bee "<text>"`);
});
