import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "../support/paths.ts";

test("the demo does the main job and a failing case, and says so without colours to a pipe", async () => {
  const { stdout } = await promisify(execFile)("npx", ["tsx", "tests/demo/demo.ts"], { cwd: ROOT });
  expect(stdout).toContain("status=completed");
  expect(stdout).toContain("checks=1/1");
  expect(stdout).toContain("exit code 0");
  expect(stdout).toContain("error_kind=auth");
  expect(stdout).toContain("exit code 3");
  expect(stdout).not.toContain("\u001b");
});
