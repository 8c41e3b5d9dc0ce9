import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod/mini";
import { readConfigFile } from "../../../src/files/config/keyed-file.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const form = z.strictObject({
  timeout: z.optional(z.union([z.string(), z.number()])),
  batch: z.optional(z.strictObject({ copy: z.optional(z.array(z.string())) })),
});

test.each([
  { what: "a list for a text", text: "timeout: [1]\n", says: "timeout cannot be used." },
  { what: "a text for a list", text: "batch:\n  copy: x\n", says: "batch.copy is not a list." },
  { what: "a list for the whole", text: "- a\n", says: "the whole of it is not a group of fields." },
  { what: "two unknown keys", text: "a: 2\nb: 3\n", says: "a, b cannot be set there." },
  { what: "an unknown key", text: "batch:\n  parallel: 2\n", says: "batch.parallel cannot be set there." },
])("a file with $what is refused by the name of the field", async ({ text, says }) => {
  await using folder = await tempFolder();
  const path = join(folder.path, "config.yaml");
  await writeFile(path, text);
  const read = readConfigFile({ path, follow: false, rules: async () => ({ form, hint: "Fix it." }) });
  await expect(read).rejects.toThrow(`${path}: ${says}`);
});
