import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: vitest reads the default export
export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    environment: "node",
    // A worker keeps what it has loaded from one file to the next; no test here replaces a module or leaves a global behind.
    isolate: false,
    globalSetup: ["tests/support/global-setup.ts"],
    // A test waits for a real Codex most of the time, so it takes a worker more than vitest's default of one less than the cores.
    maxWorkers: Math.max(2, availableParallelism()),
    // A test that is flaky is a bug, here or in the product.
    retry: 0,
    // A matrix case of three real runs takes 5 s alone, and many times that when all cores are taken.
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
