import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readWorkerPolicy } from "../../../src/fleet/worker/policy.ts";
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
