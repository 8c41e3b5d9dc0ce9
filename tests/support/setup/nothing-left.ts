import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { describeLeftovers, endLeftovers, processesStillWith } from "../leftovers.ts";
import { TEMP } from "../paths.ts";
import { foldersLeft, removeFolder, removeTemplates } from "../temp-folder.ts";
import { TEST_RUN_MARKER } from "./test-run.ts";

// Each test has looked after its own; this is for what ended in the very last moment.
const GRACE_MS = 10_000;

/** Marks the test run, whichever tests it has, and fails it when it leaves a process or a file behind. */
export function setup(): () => Promise<void> {
  const id = randomBytes(4).toString("hex");
  process.env[TEST_RUN_MARKER] = id;
  return () => requireNothingLeft(id);
}

async function requireNothingLeft(id: string): Promise<void> {
  // Vitest's workers are children of this process; what a test starts is a worker's, or nobody's once the worker has ended.
  const traces = {
    variable: `${TEST_RUN_MARKER}=${id}`,
    folder: join(TEMP, `${id} `),
    butChildrenOf: process.pid,
  };
  const processes = await processesStillWith(traces, GRACE_MS);
  const folders = await foldersLeft();
  await removeTemplates();
  if (processes.length === 0 && folders.length === 0) return;
  endLeftovers(processes);
  for (const folder of folders) await removeFolder(folder);
  // Vitest prints what a teardown throws, and takes it for a success all the same.
  process.exitCode = 1;
  const left = [describeLeftovers(processes), ...folders.map((folder) => `  ${folder}`)].filter(Boolean);
  throw new Error(`the tests left behind:\n${left.join("\n")}`);
}
