import { expect, test } from "vitest";
import { namesFile } from "../../../src/handoff/check/exact-paths.ts";

const KNOWN = {
  paths: new Set(["Makefile", "src/auth.ts", "docs/my file.md", "bin/run"]),
  inScope: new Set(["src/auth.ts", "src/index.ts", "lib/index.ts", "lib/deep/Dockerfile"]),
};

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
  "In auth.ts, add it.",
  "Build the Dockerfile in two stages.",
  "In deep/Dockerfile, say so.",
  "在src/auth.ts中增加日志。",
  "修改 auth.ts，增加检查。",
  "In lib/index.ts and nowhere else.",
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
  "In index.ts, which there are two of.",
  "Say oauth.ts or h.ts.",
  "",
])("%s names none", (text) => {
  expect(namesFile(text, KNOWN)).toBe(false);
});
