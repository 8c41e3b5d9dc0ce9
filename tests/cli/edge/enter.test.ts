import { afterEach, expect, test, vi } from "vitest";
import { enter } from "../../../src/cli/edge/enter.ts";

const { exitCode, argv } = process;

afterEach(() => {
  process.exitCode = exitCode;
  process.argv = argv;
  vi.restoreAllMocks();
});

test("a program that Node ends before its work is done has not succeeded", async () => {
  process.argv = argv.slice(0, 2);
  let end = (_code: number) => {};
  const work = new Promise<number>((resolve) => {
    end = resolve;
  });
  enter(async () => ({ main: () => work }), {});
  expect(process.exitCode).toBe(1);
  end(0);
  await vi.waitFor(() => expect(process.exitCode).toBe(0));
});

test("a program that cannot be loaded says so in one line, and fails as one that is not whole", async () => {
  process.argv = argv.slice(0, 2);
  const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  enter(() => Promise.reject(new Error("it is gone")), {});
  await vi.waitFor(() => expect(process.exitCode).toBe(3));
  expect(said.mock.calls).toEqual([["[ERROR] it is gone\n"]]);
});
