import { expect, test } from "vitest";
import { withStdin } from "../../../src/cli/command/task-text.ts";

test("what came on stdin is a block of its own after the task", () => {
  expect(withStdin("Review this diff\n", "+ a\n- b\n")).toBe(
    "Review this diff\n\nWhat came on stdin:\n\n```\n+ a\n- b\n```\n",
  );
});

test("no text on stdin leaves the task as it is", () => {
  expect(withStdin(" The task \n", "")).toBe(" The task \n");
});

test("text that has fences itself stays inside, as it is", () => {
  expect(withStdin("Read", "````\n\u001b[1mx\u200b\n````")).toContain("`````\n````\n\u001b[1mx\u200b\n````\n`````");
});
