import { once } from "node:events";
import { expect, test } from "vitest";
import { startChild } from "../../src/process/start-child.ts";

test("what Node refuses before it tries is an error, and what it tells later an event of the child", async () => {
  expect(startChild("true", ["a\0b"], {})).toBeInstanceOf(Error);
  const child = startChild("/nonexistent/program", [], { stdio: "ignore" });
  if (child instanceof Error) throw child;
  await expect(once(child, "exit")).rejects.toMatchObject({ code: "ENOENT" });
});
