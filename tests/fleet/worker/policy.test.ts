import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { excessOf, readWorkerPolicy } from "../../../src/fleet/worker/policy.ts";
import { tempFolder } from "../../support/temp-folder.ts";

test.each([
  { what: "a key that is mistyped", text: "max-minutes: 5\n", says: "max-minutes is not known" },
  { what: "a text for a number", text: "max_minutes: five\n", says: "max_minutes is not a number" },
  { what: "a sandbox that is none", text: "sandbox: full\n", says: "sandbox is none of read-only, workspace-write" },
  { what: "commands that are one", text: "commands: npm test\n", says: "commands is neither any nor a list of texts" },
])("a worker's policy with $what is refused by the name of the field", async ({ text, says }) => {
  await using folder = await tempFolder();
  const path = join(folder.path, "policy.yaml");
  await writeFile(path, text);
  expect(() => readWorkerPolicy(path)).toThrow(`The worker's policy is not usable: ${path} (${says}`);
});

test.each([
  { folders: "any", writes: null, excess: null },
  { folders: ["src", "tests/**"], writes: ["src/a.ts", "tests/**/*.ts"], excess: null },
  { folders: ["src"], writes: [], excess: null },
  { folders: ["src"], writes: ["src/a.ts", "docs/b.md"], excess: "it may write docs/b.md, and this worker allows src" },
  {
    folders: ["src"],
    writes: ["src/../docs/b.md"],
    excess: "it may write src/../docs/b.md, and this worker allows src",
  },
  { folders: ["src"], writes: ["**"], excess: "it may write **, and this worker allows src" },
  { folders: ["src"], writes: null, excess: "it may write any file, and this worker allows src" },
  { folders: [], writes: ["a"], excess: "it may write a, and this worker allows none" },
] as const)("a worker that allows $folders is asked for $writes", ({ folders, writes, excess }) => {
  const asks = {
    sandbox: "workspace-write",
    network: false,
    model: null,
    config: [],
    commands: [],
    timeout: 60,
    writes,
  } as const;
  expect(excessOf({ ...readWorkerPolicy(null), folders }, asks)).toBe(excess);
});
