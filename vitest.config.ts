import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { filesOf, type Project, TITLES } from "./tests/support/setup/projects.ts";
import { SUITE } from "./tests/support/setup/suites.ts";

const LONGEST_TEST_MS = 600_000;
const files = filesOf(SUITE);
const titles = TITLES[SUITE];

// One more than cores, for tests that wait: with more of them processes only wait for each other. TEST_WORKERS says otherwise.
const maxWorkers = Number(process.env["TEST_WORKERS"]) || availableParallelism() + 1;

/** A project has what its files need: `unit` and `git` nothing that must be compiled or installed. */
function project(name: Project, globalSetup: readonly string[] = []) {
  return {
    test: {
      name,
      include: [...files[name]],
      environment: "node" as const,
      globalSetup: globalSetup.map((file) => `tests/support/setup/${file}.ts`),
      // A worker keeps what it has loaded from one file to the next; no test here replaces a module or leaves a global behind.
      isolate: false,
      maxWorkers,
      // For what hangs. How long a test takes is the machine's affair: what takes 5 s alone has taken a hundred times that beside others.
      testTimeout: LONGEST_TEST_MS,
      hookTimeout: LONGEST_TEST_MS,
      // A test that is flaky is a bug, here or in the product.
      retry: 0,
    },
  };
}

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  test: {
    globalSetup: ["tests/support/setup/nothing-left.ts"],
    projects: [
      project("unit"),
      project("git"),
      project("e2e", ["compiled"]),
      project("claude", ["compiled", "claude"]),
    ],
    maxWorkers,
    ...(titles !== null && { testNamePattern: titles }),
  },
});
