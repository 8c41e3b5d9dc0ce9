import { expect, test } from "vitest";
import { textOf } from "../support/documents/documents.ts";
import { sectionOf } from "../support/documents/markdown.ts";
import { modulesIn } from "../support/documents/source-files.ts";

const page = textOf("SECURITY.md");

/** Each promise by its first words, and the test that holds it: a file, and what stands in a title there. */
const HELD: Readonly<Record<string, readonly [file: string, title: string]>> = {
  "**What Codex may write:**": [
    "e2e/ask/sandbox",
    "writes the workspace and the temporary folder; not the home, not .git",
  ],
  "**Read-only is about writing.**": ["e2e/ask/sandbox", "stops writes that came before it"],
  "`--sandbox danger-full-access`": ["e2e/ask/sandbox", "danger-full-access writes anywhere and has the network"],
  "Your `config.toml`": ["e2e/ask/trust", "and the user's configuration stays as it was"],
  "Codex itself asks": ["attacks/repository", "a hostile repository gets nothing run by git of ours"],
  "**The environment**": ["e2e/ask/environment", "a provider's key passes, and with --clean-env only when it is kept"],
  "**Codex's words are data:**": ["ask/report/report", "every report has marks of its own"],
  "**Ended means ended:**": ["e2e/ask/crash", "of ask_codex while it verifies ends the verify command as well"],
  "**Nothing leaves your machine**": ["fleet/seal/seal", "show nothing of themselves in between"],
  "**Checks have your rights:**": ["e2e/ask/checks", "a check gets a reduced environment, no stdin"],
  "**Two files set defaults,**": ["e2e/looking/config", "which only narrows"],
  "**What we write of Claude Code's:**": ["e2e/setup/setup", "removed without a trace"],
};

test("every promise of SECURITY.md is held by a test", () => {
  const promises = sectionOf(page, "Sandbox and safety")
    .split(/^- /m)
    .slice(1)
    .map((text) => text.trim());
  const first = Object.keys(HELD);
  expect(promises.filter((promise) => !first.some((words) => promise.startsWith(words)))).toEqual([]);
  expect(promises).toHaveLength(first.length);
  for (const [words, [file, title]] of Object.entries(HELD))
    expect(textOf(`tests/${file}.test.ts`).includes(title), words).toBe(true);
});

test("no module opens a connection to elsewhere, but the queue of a batch", () => {
  const opening = /from "node:(?:http|https|http2|tls|dns|dgram)"|\bfetch\(|from "(?:undici|ioredis|bullmq)"/;
  const modules = modulesIn("src");
  expect(modules.length).toBeGreaterThan(500);
  const found = modules.filter(({ text }) => opening.test(text));
  expect(found.map(({ path }) => path).filter((path) => !path.startsWith("src/fleet/"))).toEqual([]);
});
