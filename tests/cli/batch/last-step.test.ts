import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lastStep } from "../../../src/cli/batch/last-step.ts";
import { scratchFolder } from "../../support/git/repository.ts";

const event = (type: string, payload: object) => JSON.stringify({ timestamp: "t", type, payload });

test.each([
  { name: "nothing yet", lines: [event("run_started", {})], step: null },
  { name: "a turn that has begun", lines: [event("turn_started", { session_id: "s" })], step: "thinking" },
  {
    name: "a command, with an event behind it that says nothing",
    lines: [event("turn_started", {}), event("command_finished", { command: "npm\ntest" }), event("other", {})],
    step: "> npm test",
  },
  { name: "the first line of a message", lines: [event("message", { text: "\nFixed.\nMore." })], step: "Fixed." },
  {
    name: "a line that is being written",
    lines: [event("check_finished", { subject: "make" }), "{"],
    step: "checked: make",
  },
])("the last step of a run: $name", ({ lines, step }) => {
  const path = join(scratchFolder("run"), "events.jsonl");
  writeFileSync(path, lines.join("\n"));
  expect(lastStep(path)).toBe(step);
});

test("a run that has not begun, or is on another machine, has no step", () => {
  expect(lastStep(join(scratchFolder("run"), "gone", "events.jsonl"))).toBeNull();
});
