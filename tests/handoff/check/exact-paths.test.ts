import { expect, test } from "vitest";
import { namesFile } from "../../../src/handoff/check/exact-paths.ts";

const KNOWN = new Set(["Makefile", "src/auth.ts", "docs/my file.md", "bin/run"]);

test.each([
  "In `src/new.ts`, add it.",
  "In src/new.ts: add it.",
  "Edit src/auth.ts:45-89.",
  "Edit (src/deep/new.test.tsx), then stop",
  "Edit the Makefile.",
  "Edit `docs/my file.md`.",
  "Edit `docs/mein Größe.md`.",
  "Edit ./bin/run",
  "Edit `app/[id]/page.tsx`.",
  "Write `NOTES.md`.",
  "Write ``a`b.md``.",
])("%s names a file", (text) => {
  expect(namesFile(text, KNOWN)).toBe(true);
});

test.each([
  "Add JWT validation.",
  "Change `src/**/*.ts`.",
  "Change all of src/",
  "Return 401/403 and/or log it.",
  "Use Node.js, e.g. user.load().",
  "Call `user.load()`.",
  "See https://example.com/a.html",
  "Read /etc/passwd.txt",
  "Read ~/a.ts",
  "",
])("%s names none", (text) => {
  expect(namesFile(text, KNOWN)).toBe(false);
});
